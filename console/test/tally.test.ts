// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heard } from '../src/engine/heard.ts';
import { Tally } from '../src/engine/tally.ts';
import { Health } from '../src/engine/versions.ts';
import type { LiveChange } from '../src/engine/window.ts';
import { emptyWindow } from './windows.ts';

const HEALTHS = [Health.ok, Health.progressing, Health.warning, Health.failed, Health.terminating];

/** Changes of pods and nodes in two namespaces, by a small generator of numbers. */
function changes(seed: number, count: number): LiveChange[] {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const alive = new Set<string>();
  return Array.from({ length: count }, (_, at) => {
    const resource = next(4) === 0 ? 'nodes' : 'pods';
    const namespace = resource === 'nodes' ? '' : `team-${next(2)}`;
    const name = `n-${next(20)}`;
    const key = `${resource}/${namespace}/${name}`;
    const isGone = alive.has(key) && next(5) === 0;
    const verb = isGone ? 3 : alive.has(key) ? 2 : 1;
    if (isGone) {
      alive.delete(key);
    } else {
      alive.add(key);
    }
    return { resource, namespace, name, at: 1000 + at, verb, health: isGone ? Health.gone : HEALTHS[next(HEALTHS.length)]!, manager: 'm' };
  });
}

test('a tally that follows the cursor counts what one that looks at everything counts', () => {
  const seed = Date.now() & 0xffff;
  console.log(`seed ${seed}`);
  const window = emptyWindow(0, 500).with(changes(seed, 2000), 4000);
  let state = seed;
  for (const namespace of [-1, window.namespaces.indexOf('team-1')]) {
    const followed = new Tally(window, namespace);
    for (let step = 0; step < 300; step++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      // Mostly small steps, sometimes far.
      const by = step % 10 === 0 ? (state % 4000) - 2000 : (state % 40) - 20;
      window.index.moveTo(Math.min(Math.max(window.index.moment + by || 0, 0), 4000));
      followed.update();
      const all: { row: number; health: number; since: number }[] = [];
      const counts = window.kinds.map(() => new Array<number>(7).fill(0));
      window.names.forEach((_, row) => {
        const counted = namespace < 0 || window.namespaceOf[row] === namespace || !window.kind(row).namespaced;
        if (counted && window.index.exists(row)) {
          const health = window.index.healthOf(row);
          counts[window.kindOf[row]!]![health]!++;
          if (health === Health.failed || health === Health.warning) {
            all.push({ row, health, since: window.index.since(row) });
          }
        }
      });
      window.kinds.forEach((_, kind) => assert.deepEqual(Array.from({ length: 7 }, (_, health) => followed.count(kind, health)), counts[kind]));
      assert.equal(followed.findings, all.length);
      all.sort((a, b) => b.health - a.health || b.since - a.since || a.row - b.row);
      assert.deepEqual(followed.worst(5), all.slice(0, 5).map((each) => each.row));
    }
  }
});

test('a window that was asked for before something came is extended by it, and one with a hole is not', () => {
  const told = changes(1, 100);
  const heard = new Heard(1050);
  heard.add(told.filter((change) => change.at > 1050), 1200);
  const whole = heard.extend(emptyWindow(0, 1060));
  assert.equal(whole.to, 1200);
  assert.equal(whole.index.versions, told.filter((change) => change.at > 1060).length);
  assert.equal(heard.extend(whole), whole);
  const early = emptyWindow(0, 1040);
  assert.equal(heard.extend(early), early);
});
