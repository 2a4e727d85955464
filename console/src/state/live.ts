// SPDX-License-Identifier: Apache-2.0
// Follows a recording that is still being made.

import { batch, effect } from '@preact/signals';
import { url } from '../api/client.ts';
import { Heard } from '../engine/heard.ts';
import type { LiveChange } from '../engine/window.ts';
import { reportAnswer, reportClock } from './connection.ts';
import { at, cluster, committed, following, heard, limits, range, recorded, recording } from './store.ts';

/** How often what came is put into the window: each time costs a pass over all versions. */
const GATHER = 1000;

let stream: EventSource | null = null;
let of = '';
/** Changes come before the moment by which they are all. */
let came: LiveChange[] = [];
let end = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function followLive(): void {
  effect(() => {
    const current = recording.value;
    const wanted = current !== null && current.live ? cluster.value : '';
    if (wanted === of) {
      return;
    }
    stream?.close();
    stream = null;
    of = wanted;
    came = [];
    heard.value = null;
    if (current !== null && wanted !== '') {
      heard.value = new Heard(current.end);
      open(current.end);
    }
  });
}

function open(from: number): void {
  stream = new EventSource(url(at('tail'), { from }), { withCredentials: true });
  stream.addEventListener('change', (event) => {
    came.push(...(JSON.parse((event as MessageEvent<string>).data) as LiveChange[]));
  });
  stream.addEventListener('end', (event) => {
    const said = JSON.parse((event as MessageEvent<string>).data) as { end: number; live: boolean; now: number };
    reportClock(said.now);
    reportAnswer();
    end = said.end;
    heard.peek()?.add(came, end);
    came = [];
    gather();
    if (!said.live && recording.value !== null) {
      stream?.close();
      recording.value = { ...recording.value, live: false, end };
    }
  });
}

function gather(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    const current = recording.value;
    if (current === null || end <= current.end) {
      return;
    }
    batch(() => {
      const whole = range.value.to >= limits.value.to;
      recording.value = { ...current, end };
      if (whole) {
        range.value = range.value.from <= current.start ? { from: current.start, to: end } : { from: range.value.from + end - range.value.to, to: end };
      }
      const window = recorded.value;
      if (window !== null) {
        recorded.value = heard.peek()?.extend(window) ?? window;
      }
      if (following.value) {
        committed.value = end;
      }
    });
  }, GATHER);
}
