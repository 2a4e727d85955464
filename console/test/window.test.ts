// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Health } from '../src/engine/versions.ts';
import { RecordedWindow, objectText, parseObject } from '../src/engine/window.ts';
import { encode, type Columns } from './windows.ts';

function shop(): ArrayBuffer {
  const names = new TextEncoder().encode('webwürfel');
  const data: Columns = [
    ['objectKind', 'u16', [0, 0]],
    ['objectNamespace', 'u32', [1, 1]],
    ['objectNameEnd', 'u32', [3, names.length]],
    ['names', 'u8', [...names]],
    ['initial', 'u8', [1, 255]],
    ['initialAge', 'u32', [60, 0]],
    ['time', 'u32', [1000, 2000, 3000]],
    ['object', 'u32', [1, 0, 1]],
    ['verb', 'u8', [1, 2, 3]],
    ['health', 'u8', [2, 4, 255]],
    ['manager', 'u16', [1, 1, 0]],
  ];
  return encode(data, {
    from: 10_000, to: 20_000, complete: true, objects: 2, changes: 3,
    kinds: [{ resource: 'pods', group: '', name: 'pods', kind: 'Pod', namespaced: true }],
    namespaces: ['', 'shop'], managers: ['', 'kubelet'], hidden: { types: 0, namespaces: 0 },
  });
}

test('an index reads back as objects with their versions', () => {
  const window = RecordedWindow.decode(shop());
  assert.deepEqual(window.object(1), { resource: 'pods', namespace: 'shop', name: 'würfel' });
  const row = window.find({ resource: 'pods', namespace: 'shop', name: 'web' });
  assert.equal(row, 0);
  window.index.moveTo(10_000);
  assert.deepEqual([window.index.healthOf(0), window.index.exists(1)], [Health.ok, false]);
  window.index.moveTo(11_000);
  assert.equal(window.index.healthOf(1), Health.progressing);
  window.index.moveTo(12_000);
  assert.equal(window.index.healthOf(0), Health.failed);
  assert.equal(window.managers[window.manager[window.index.current[0]!]!], 'kubelet');
  window.index.moveTo(13_000);
  assert.equal(window.index.exists(1), false);
});

test('what comes live is appended; what is known already is not counted twice', () => {
  const window = RecordedWindow.decode(shop());
  const change = { resource: 'pods', namespace: 'new', name: 'x', verb: 1, health: 2, manager: 'me', at: 21_000 };
  const live = window.with([change, { ...change, at: 15_000 }, { ...change, at: 22_000, verb: 2, health: 1 }, { ...change, resource: 'cats' }], 25_000);
  assert.equal(live.to, 25_000);
  assert.equal(live.names.length, 3);
  assert.deepEqual(live.object(2), { resource: 'pods', namespace: 'new', name: 'x' });
  live.index.moveTo(21_500);
  assert.equal(live.index.healthOf(2), Health.progressing);
  live.index.moveTo(25_000);
  assert.equal(live.index.healthOf(2), Health.ok);
  assert.equal(live.index.versions, window.index.versions + 2);
  assert.equal(live.managers[live.manager[live.index.current[2]!]!], 'me');
});

test('what is no index is refused', () => {
  assert.throws(() => RecordedWindow.decode(new TextEncoder().encode('<!doctype html>').buffer), RangeError);
});

test('the name of an object in a link may have slashes in it', () => {
  const name = { resource: 'clusterroles.rbac.authorization.k8s.io', namespace: '', name: 'a/b' };
  assert.deepEqual(parseObject(objectText(name)), name);
  assert.equal(parseObject('nonsense'), null);
});
