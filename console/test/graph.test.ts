// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collapse, union } from '../src/engine/graph.ts';

const pod = (id: number, name: string): { id: number; resource: string; kind: string; namespace: string; name: string } => ({ id, resource: 'pods', kind: 'Pod', namespace: 'shop', name });
const set = { id: 0, resource: 'replicasets.apps', kind: 'ReplicaSet', namespace: 'shop', name: 'web' };

test('a window has all that was there at any of its moments, once', () => {
  const graph = union([
    { nodes: [set, pod(1, 'a')], edges: [{ from: 0, to: 1, type: 'owns' }] },
    { nodes: [pod(0, 'b'), { ...set, id: 7 }], edges: [{ from: 7, to: 0, type: 'owns' }] },
  ]);
  assert.deepEqual(graph.nodes.map((node) => node.name), ['web', 'a', 'b']);
  assert.equal(graph.edges.length, 2);
});

test('ten thousand pods of one owner become one node that stands for all of them', () => {
  const pods = Array.from({ length: 10_000 }, (_, i) => pod(i + 1, `p${i}`));
  const graph = collapse(union([{ nodes: [set, ...pods], edges: pods.map((each) => ({ from: 0, to: each.id, type: 'owns' })) }]), 500);
  assert.equal(graph.nodes.length, 2);
  assert.equal(graph.nodes[1]!.members.length, 10_000);
  assert.equal(graph.collapsed, 9_999);
  assert.deepEqual(graph.edges.map((edge) => edge.type), ['owns']);
});

test('pods that nobody owns are collapsed by namespace', () => {
  const pods = Array.from({ length: 2_000 }, (_, i) => ({ ...pod(i, `p${i}`), namespace: `n${i % 4}` }));
  const graph = collapse(union([{ nodes: pods, edges: [] }]), 500);
  assert.equal(graph.nodes.length, 4);
});
