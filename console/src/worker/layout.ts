// SPDX-License-Identifier: Apache-2.0
// Where the nodes of a graph stand. Runs beside the page: a layout of 500 nodes takes longer than a frame.

import * as dagre from '@dagrejs/dagre';

export interface LayoutQuestion {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface LayoutAnswer {
  readonly id: number;
  readonly places: Readonly<Record<string, readonly [number, number]>>;
  readonly width: number;
  readonly height: number;
}

addEventListener('message', (event: MessageEvent<LayoutQuestion>) => {
  const { id, nodes, edges, width, height } = event.data;
  const linked = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 9, ranksep: 70, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    if (linked.has(node)) {
      graph.setNode(node, { width, height });
    }
  }
  for (const edge of edges) {
    graph.setEdge(edge.from, edge.to);
  }
  dagre.layout(graph);
  const places: Record<string, [number, number]> = {};
  let right = 0;
  let bottom = 0;
  for (const node of nodes) {
    if (linked.has(node)) {
      const at = graph.node(node) as { x: number; y: number };
      places[node] = [at.x, at.y];
      right = Math.max(right, at.x + width / 2);
      bottom = Math.max(bottom, at.y + height / 2);
    }
  }
  // What nothing is linked to stands in a block below.
  const alone = nodes.filter((node) => !linked.has(node));
  const across = Math.max(Math.floor(Math.max(right, 900) / (width + 14)), 1);
  alone.forEach((node, i) => {
    places[node] = [20 + width / 2 + (i % across) * (width + 14), bottom + 40 + Math.floor(i / across) * (height + 10)];
  });
  for (const [x, y] of Object.values(places)) {
    right = Math.max(right, x + width / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  postMessage({ id, places, width: right + 20, height: bottom + 20 } satisfies LayoutAnswer);
});
