// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Health, VersionIndex } from '../src/engine/versions.ts';

/** A small generator of numbers, so that a failing run can be run again. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomIndex(seed: number, objects: number): { index: VersionIndex; versions: { at: number; health: number }[][] } {
  const next = numbers(seed);
  const versions = Array.from({ length: objects }, () => {
    const times = Array.from({ length: Math.floor(next() * 6) }, () => Math.floor(next() * 50)).sort((a, b) => a - b);
    return times.map((at) => ({ at, health: [0, 1, 2, 4, 255][Math.floor(next() * 5)]! }));
  });
  const first = new Uint32Array(objects + 1);
  versions.forEach((each, object) => (first[object + 1] = first[object]! + each.length));
  const flat = versions.flat();
  return {
    index: new VersionIndex({
      first,
      at: Float64Array.from(flat, (version) => version.at),
      health: Uint8Array.from(flat, (version) => version.health),
    }),
    versions,
  };
}

test('wherever the cursor came from, it shows the last version not later than the moment', () => {
  const seed = Date.now() & 0xffff;
  console.log(`seed ${seed}`);
  const { index, versions } = randomIndex(seed, 200);
  const next = numbers(seed + 1);
  for (let step = 0; step < 300; step++) {
    const moment = Math.floor(next() * 60) - 5;
    index.moveTo(moment);
    versions.forEach((own, object) => {
      const last = own.filter((version) => version.at <= moment).length - 1;
      const expected = last < 0 ? -1 : index.columns.first[object]! + last;
      assert.equal(index.current[object], expected, `object ${object} at ${moment}`);
      assert.equal(index.versionAt(object, moment), expected);
      assert.equal(index.exists(object), last >= 0 && own[last]!.health !== Health.gone);
    });
  }
});

test('next and previous change leave out the moment itself', () => {
  const index = new VersionIndex({ first: Uint32Array.of(0, 3), at: Float64Array.of(10, 20, 20), health: Uint8Array.of(1, 2, 3) });
  assert.equal(index.nextChange(0, 5), 10);
  assert.equal(index.nextChange(0, 10), 20);
  assert.ok(Number.isNaN(index.nextChange(0, 20)));
  assert.equal(index.previousChange(0, 20), 10);
  assert.equal(index.previousChange(0, 25), 20);
  assert.ok(Number.isNaN(index.previousChange(0, 10)));
  assert.deepEqual([...index.between(10, 20)], [1, 2]);
});

test('columns that do not fit are refused', () => {
  assert.throws(() => new VersionIndex({ first: Uint32Array.of(0, 3), at: Float64Array.of(1), health: Uint8Array.of(1) }), RangeError);
});
