// SPDX-License-Identifier: Apache-2.0
// The graph of a window: what was there at any of some moments, collapsed to what an eye and a layout can take.

import { objectText, type ObjectName } from './window.ts';

export interface GraphNode extends ObjectName {
  readonly key: string;
  readonly kind: string;
  /** Keys of the objects it stands for; itself alone unless it is collapsed. */
  readonly members: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** Of a flow: connections that were made, and that could not be. */
  readonly count?: number;
  readonly failed?: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Objects that stand for themselves no more. */
  readonly collapsed: number;
}

interface Answer {
  readonly nodes: readonly { id: number; resource: string; kind: string; namespace: string; name: string }[];
  readonly edges: readonly { from: number; to: number; type: string; count?: number; failed?: number }[];
}

/** One edge of a type between two; `and` makes one count of two. */
function add(edges: Map<string, GraphEdge>, edge: GraphEdge, and: (one: number, other: number) => number): void {
  const key = `${edge.from} ${edge.to} ${edge.type}`;
  const known = edges.get(key);
  const counted = edge.type === 'flow' ? { count: and(known?.count ?? 0, edge.count ?? 0), failed: and(known?.failed ?? 0, edge.failed ?? 0) } : {};
  edges.set(key, { from: edge.from, to: edge.to, type: edge.type, ...counted });
}

/** All that any of the answers has; of connections the most there were at one of them. */
export function union(answers: readonly Answer[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const answer of answers) {
    const keys = new Map<number, string>();
    for (const node of answer.nodes) {
      const key = objectText(node);
      keys.set(node.id, key);
      if (!nodes.has(key)) {
        nodes.set(key, { key, resource: node.resource, kind: node.kind, namespace: node.namespace, name: node.name, members: [key] });
      }
    }
    for (const edge of answer.edges) {
      const from = keys.get(edge.from);
      const to = keys.get(edge.to);
      if (from !== undefined && to !== undefined) {
        add(edges, { ...edge, from, to }, Math.max);
      }
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], collapsed: 0 };
}

/**
 * At most about `most` nodes: first the children of one owner that are of one kind become one node, then what is of one kind in one
 * namespace does.
 */
export function collapse(graph: Graph, most: number): Graph {
  const owner = new Map(graph.edges.filter((edge) => edge.type === 'owns').map((edge) => [edge.to, edge.from]));
  const byOwner = (node: GraphNode): string => (owner.has(node.key) ? `${owner.get(node.key)} ${node.kind}` : node.key);
  const byNamespace = (node: GraphNode): string => `${node.resource}/${node.namespace}/*`;
  let result = graph;
  if (result.nodes.length > most) {
    result = grouped(result, byOwner);
  }
  if (result.nodes.length > most) {
    result = grouped(result, byNamespace);
  }
  if (result.nodes.length > most) {
    result = grouped(result, (node) => node.resource);
  }
  return { ...result, collapsed: result.nodes.reduce((sum, node) => sum + node.members.length - 1, 0) };
}

function grouped(graph: Graph, keyOf: (node: GraphNode) => string): Graph {
  const groups = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [node]);
    } else {
      group.push(node);
    }
  }
  const place = new Map<string, string>();
  const nodes: GraphNode[] = [];
  for (const [key, group] of groups) {
    const first = group[0]!;
    const node = group.length === 1 ? first : { ...first, key, members: group.flatMap((each) => each.members) };
    nodes.push(node);
    group.forEach((each) => place.set(each.key, node.key));
  }
  const edges = new Map<string, GraphEdge>();
  for (const edge of graph.edges) {
    const moved = { ...edge, from: place.get(edge.from)!, to: place.get(edge.to)! };
    if (moved.from !== moved.to) {
      add(edges, moved, (one, other) => one + other);
    }
  }
  return { nodes, edges: [...edges.values()], collapsed: 0 };
}
