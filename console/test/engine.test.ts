// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DensityPyramid, SEVERITIES } from '../src/engine/density.ts';
import { at, merged } from '../src/engine/gaps.ts';
import { ACTIONS, DEFAULT_KEYS, KeyReader, clash, pressed } from '../src/engine/keys.ts';
import { readPlace, writePlace } from '../src/engine/link.ts';
import { Player, SPEEDS, notch } from '../src/engine/player.ts';
import { duration, iso, parseTime } from '../src/engine/time.ts';
import { pan, reveal, ticks, toMoment, toPixel, zoom } from '../src/engine/view.ts';

const NOW = Date.parse('2026-01-31T14:05:00Z');
const context = { now: NOW, moment: NOW - 60_000 };

function moment(text: string): string {
  const parsed = parseTime(text, context);
  return 'moment' in parsed ? iso(parsed.moment) : parsed.error;
}

test('every way to write a time means one absolute moment', () => {
  assert.equal(moment('now'), '2026-01-31T14:05:00Z');
  assert.equal(moment('10m'), '2026-01-31T13:55:00Z');
  assert.equal(moment('2h30m ago'), '2026-01-31T11:35:00Z');
  assert.equal(moment('14:03'), '2026-01-31T14:03:00Z');
  assert.equal(moment('14:03:22.125'), '2026-01-31T14:03:22.125Z');
  assert.equal(moment('23:00'), '2026-01-30T23:00:00Z', 'the last such time of day');
  assert.equal(moment('2026-01-31'), '2026-01-31T00:00:00Z');
  assert.equal(moment('2026-01-31T14:03:22+01:00'), '2026-01-31T13:03:22Z');
  assert.equal(moment('2026-01-31 14:03'), '2026-01-31T14:03:00Z');
  assert.equal(moment('@1769868202'), '2026-01-31T14:03:22Z');
  assert.equal(moment('14:03-30s'), '2026-01-31T14:02:30Z');
  assert.equal(moment('+5m'), '2026-01-31T14:09:00Z');
  assert.equal(moment('now - 1h'), '2026-01-31T13:05:00Z');
});

test('what is no time is refused with a sentence', () => {
  for (const text of ['', 'yesterday', '25:00', '2026-02-30', '2026-13-01', '10 parsecs', 'deploy/checkout~1']) {
    const parsed = parseTime(text, context);
    assert.ok('error' in parsed && parsed.error.length > 10, text);
  }
});

test('the moment before a change of an object lies just before it', () => {
  const parsed = parseTime('deploy/checkout~2+5s', { ...context, change: (target, back) => (target === 'deploy/checkout' ? NOW - back * 1000 : Number.NaN) });
  assert.deepEqual(parsed, { moment: NOW - 2000 - 1 + 5000 });
});

test('durations have two units at most', () => {
  assert.deepEqual([350, 42_000, 125_000, 700_000, 7_500_000, 300_000_000].map(duration), ['350ms', '42s', '2m5s', '11m', '2h5m', '3d11h']);
});

test('a link carries absolute UTC times and reads back as it was', () => {
  const place = { screen: 'diff' as const, at: NOW, b: NOW + 1500, object: 'deployments.apps/shop/check&out', filter: 'a=b #x ü' };
  const link = writePlace(place);
  assert.match(link, /^diff\?t=2026-01-31T14:05:00Z&b=2026-01-31T14:05:01.500Z/);
  assert.deepEqual(readPlace(link), place);
  assert.deepEqual(readPlace('nowhere?t=yesterday&b=10m'), { screen: 'pulse' });
});

test('the density of any zoom counts every event once', () => {
  const times = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 100_000);
  const severities = times.map((_, i) => i % SEVERITIES);
  const pyramid = DensityPyramid.of(times, severities, 0, 100_000, 4096);
  for (const pixels of [1, 10, 333, 1024]) {
    const columns = new Uint32Array(pixels * SEVERITIES);
    pyramid.sample(0, 100_000, pixels, columns);
    const sum = columns.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - times.length) <= times.length * 0.01, `${pixels} pixels show ${sum} of ${times.length}`);
  }
});

test('zooming keeps what is under the pointer, within the recording', () => {
  const limits = { from: 0, to: 1000 };
  const zoomed = zoom({ from: 100, to: 900 }, 0.5, 300, limits);
  assert.deepEqual(zoomed, { from: 200, to: 600 });
  assert.equal(toPixel(300, { from: 100, to: 900 }, 80), toPixel(300, zoomed, 80));
  assert.equal(toMoment(toPixel(333, zoomed, 777), zoomed, 777), 333);
  assert.deepEqual(zoom(zoomed, 100, 300, limits), limits);
  assert.deepEqual(pan(zoomed, 5, limits), { from: 600, to: 1000 });
  const revealed = reveal(zoomed, 700, limits);
  assert.equal(revealed.to - revealed.from, 400);
  assert.ok(revealed.from < 700 && revealed.to > 700);
});

test('ticks are round and not too many', () => {
  const { step, at: marks } = ticks({ from: NOW - 3_600_000, to: NOW }, 8);
  assert.equal(step, 600_000);
  assert.ok(marks.length <= 8 && marks.every((mark) => mark % step === 0));
});

test('playing moves by the speed and ends at the end', () => {
  const player = new Player();
  player.speed = 10;
  player.start(0);
  assert.equal(player.frame(16, 1000, 5000), 1160);
  assert.equal(player.frame(10_016, 1160, 50_000), 1160 + 2500, 'a tab that slept does not leap');
  assert.equal(player.frame(10_116, 4900, 5000), 5000);
  assert.equal(player.playing, false);
  assert.equal(notch(100, 1), 100);
  assert.equal(notch(1, 1), SPEEDS[1]);
});

test('no key has two meanings, and a key of two is not taken for its first', () => {
  const all = ACTIONS.flatMap((action) => action.keys);
  assert.equal(new Set(all).size, all.length);
  const reader = new KeyReader();
  assert.equal(reader.read('g', 0, DEFAULT_KEYS), 'prefix');
  assert.equal(reader.read('t', 100, DEFAULT_KEYS), 'type-time');
  assert.equal(reader.read('g', 0, DEFAULT_KEYS), 'prefix');
  assert.equal(reader.read('d', 1500, DEFAULT_KEYS), 'pan-right', 'too late for g d');
  assert.equal(reader.read('l', 1600, DEFAULT_KEYS), 'faster');
});

test('letters can be switched off and keys moved', () => {
  const reader = new KeyReader();
  assert.equal(reader.read('b', 0, { ...DEFAULT_KEYS, letters: false }), null);
  assert.equal(reader.read('ArrowLeft', 0, { ...DEFAULT_KEYS, letters: false }), 'back-second');
  const moved = { letters: true, remapped: { pin: ['x'] } };
  assert.equal(reader.read('x', 0, moved), 'pin');
  assert.equal(reader.read('b', 0, moved), null);
  assert.equal(clash('pin', 'g', moved)?.includes('type a time'), true);
  assert.equal(pressed({ key: 'K', ctrlKey: true, metaKey: false, altKey: false, shiftKey: false }), 'Ctrl+k');
  assert.equal(pressed({ key: '?', ctrlKey: false, metaKey: false, altKey: false, shiftKey: true }), '?');
});

test('gaps that touch are one stretch; a gap of one resource is none of another', () => {
  const gaps = [
    { from: 10, to: 20, resource: 'pods', reason: 'stopped' },
    { from: 15, to: 30, resource: '', reason: 'disk full' },
    { from: 50, to: 60, resource: 'pods', reason: 'stopped' },
  ];
  assert.deepEqual(merged(gaps), [
    { from: 10, to: 30, count: 2 },
    { from: 50, to: 60, count: 1 },
  ]);
  assert.deepEqual(at(gaps, 55, 'nodes'), []);
  assert.equal(at(gaps, 18, 'pods').length, 2);
  assert.equal(at(gaps, 20, 'pods').length, 1, 'a gap ends before its end');
});
