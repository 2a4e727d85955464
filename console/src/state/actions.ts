// SPDX-License-Identifier: Apache-2.0
// What a person can do, whether by key, pointer or command.

import { batch, signal } from '@preact/signals';
import { iso, parseTime } from '../engine/time.ts';
import { notch } from '../engine/player.ts';
import { clamp, pan, reveal, zoom, type Range } from '../engine/view.ts';
import type { Screen } from '../engine/link.ts';
import type { ObjectName } from '../engine/window.ts';
import { reducedMotion } from './settings.ts';
import {
  committed, filter, following, limits, link, marked, moment, pinned, player, playing, preview, range, recorded, recording, resource, say,
  screen, selection, speed, tab,
} from './store.ts';

export const helpOpen = signal(false);
export const paletteOpen = signal(false);
export const paletteText = signal('');

export function goTo(wanted: number): void {
  const all = limits.value;
  batch(() => {
    preview.value = null;
    committed.value = clamp(wanted, all.from, all.to);
    following.value = (recording.value?.live ?? false) && wanted >= all.to;
    range.value = reveal(range.value, committed.value, all);
  });
}

export function goLive(): void {
  goTo(limits.value.to);
}

export function setRange(wanted: Range): void {
  range.value = wanted;
}

export function pin(at: number | null): void {
  pinned.value = at === null ? null : clamp(at, limits.value.from, limits.value.to);
}

export function show(wanted: Screen): void {
  screen.value = wanted;
}

export function select(object: ObjectName | null, wantedTab?: string): void {
  batch(() => {
    // Its name alone: what else a row or a node carries is no part of a question about it.
    selection.value = object === null ? null : { resource: object.resource, namespace: object.namespace, name: object.name };
    if (wantedTab !== undefined) {
      tab.value = wantedTab;
    }
  });
}

/** Reduced motion steps instead of moving. */
const STEP = 500;
let lastStep = 0;

function frame(now: number): void {
  if (!player.playing) {
    return;
  }
  if (!reducedMotion() || now - lastStep >= STEP) {
    lastStep = now;
    const next = player.frame(now, committed.value, limits.value.to);
    batch(() => {
      committed.value = next;
      range.value = reveal(range.value, next, limits.value);
    });
    if (!player.playing) {
      playing.value = false;
      say('The end of the recording.');
    }
  }
  requestAnimationFrame(frame);
}

export function togglePlay(on: boolean = !playing.value): void {
  playing.value = on;
  if (on) {
    if (committed.value >= limits.value.to) {
      committed.value = range.value.from;
    }
    preview.value = null;
    following.value = false;
    player.start(performance.now());
    requestAnimationFrame(frame);
  } else {
    player.pause();
  }
}

export function setSpeed(by: 1 | -1): void {
  speed.value = notch(speed.value, by);
  player.speed = speed.value;
}

/** Of the selected object, else of anything that shows in the range. */
function neighbour(direction: 1 | -1): void {
  const window = recorded.value;
  if (window === null) {
    return;
  }
  const row = selection.value === null ? -1 : window.find(selection.value);
  let found = Number.NaN;
  if (row >= 0) {
    found = direction > 0 ? window.index.nextChange(row, moment.value) : window.index.previousChange(row, moment.value);
  } else {
    const versions = direction > 0 ? window.index.between(moment.value, window.to) : window.index.between(window.from, moment.value - 1);
    const version = direction > 0 ? versions[0] : versions[versions.length - 1];
    found = version === undefined ? Number.NaN : window.index.columns.at[version]!;
  }
  if (Number.isNaN(found)) {
    say(direction > 0 ? 'Nothing after this moment.' : 'Nothing before this moment.');
  } else {
    goTo(found);
  }
}

export function typeTime(text: string): string | null {
  const parsed = parseTime(text, { now: limits.value.to, moment: committed.value, change: changeOf });
  if ('error' in parsed) {
    return parsed.error;
  }
  const all = limits.value;
  goTo(parsed.moment);
  if (parsed.moment < all.from || parsed.moment > all.to) {
    say(`${iso(parsed.moment)} is outside of the recording: the nearest moment is shown.`);
  } else {
    say(`${iso(parsed.moment)}`);
  }
  return null;
}

function changeOf(target: string, back: number): number {
  const window = recorded.value;
  const [kind = '', name = ''] = target.split('/');
  if (window === null) {
    return Number.NaN;
  }
  const row = window.names.findIndex(
    (each, object) => each === name && (window.kind(object).name.startsWith(kind) || window.kind(object).kind.toLowerCase() === kind),
  );
  let at = committed.value + 1;
  for (let step = 0; row >= 0 && step < back && !Number.isNaN(at); step++) {
    at = window.index.previousChange(row, at);
  }
  return row < 0 ? Number.NaN : at;
}

export async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(link());
    say(`Link copied: ${iso(committed.value)}`);
  } catch {
    say(`The browser does not let the console copy. The address of this page is the link.`);
  }
}

export function openPalette(text: string): void {
  paletteText.value = text;
  paletteOpen.value = true;
}

function focusSelection(): void {
  const object = selection.value;
  const window = recorded.value;
  const row = object === null || window === null ? -1 : window.find(object);
  if (row < 0 || window === null) {
    range.value = reveal(zoom(range.value, 0.5, committed.value, limits.value), committed.value, limits.value);
    return;
  }
  const { first, at } = window.index.columns;
  const from = at[first[row]!]!;
  const to = at[first[row + 1]! - 1]!;
  const margin = Math.max((to - from) * 0.1, 5000);
  const all = limits.value;
  range.value = { from: Math.max(from - margin, all.from), to: Math.min(to + margin, all.to) };
}

const steps: Readonly<Record<string, () => void>> = {
  play: () => togglePlay(),
  slower: () => setSpeed(-1),
  pause: () => togglePlay(false),
  faster: () => setSpeed(1),
  previous: () => neighbour(-1),
  next: () => neighbour(1),
  'back-second': () => goTo(committed.value - 1000),
  'on-second': () => goTo(committed.value + 1000),
  'back-minute': () => goTo(committed.value - 60_000),
  'on-minute': () => goTo(committed.value + 60_000),
  'type-time': () => openPalette('@ '),
  live: goLive,
  'zoom-in': () => setRange(zoom(range.value, 1 / 1.5, committed.value, limits.value)),
  'zoom-out': () => setRange(zoom(range.value, 1.5, committed.value, limits.value)),
  'pan-left': () => setRange(pan(range.value, -0.25, limits.value)),
  'pan-right': () => setRange(pan(range.value, 0.25, limits.value)),
  focus: focusSelection,
  range: () => {
    const b = pinned.value;
    if (b === null || b === committed.value) {
      focusSelection();
    } else {
      setRange({ from: Math.min(b, committed.value), to: Math.max(b, committed.value) });
    }
  },
  whole: () => setRange(limits.value),
  mark: () => {
    marked.value = committed.value;
    say(`Marked ${iso(committed.value)}; ' goes back to it.`);
  },
  'go-mark': () => (marked.value === null ? say('There is no mark yet: m sets one.') : goTo(marked.value)),
  pin: () => pin(pinned.value === null ? committed.value : null),
  copy: () => void copyLink(),
  palette: () => openPalette(''),
  filter: () => {
    const field = document.querySelector<HTMLInputElement>('[data-testid=filter]');
    if (field === null) {
      openPalette('');
    } else {
      field.focus();
      field.select();
    }
  },
  help: () => (helpOpen.value = !helpOpen.value),
  'go-pulse': () => show('pulse'),
  'go-resources': () => show('resources'),
  'go-topology': () => show('topology'),
  'go-timeline': () => show('timeline'),
  'go-diff': () => show('diff'),
  'go-logs': () => show('logs'),
  'go-why': () => show('why'),
  'go-recordings': () => show('recordings'),
};

export function act(id: string): void {
  steps[id]?.();
}

/** Shows the objects of a resource, as k9s does when its name is typed. */
export function showResource(name: string, wantedFilter = ''): void {
  batch(() => {
    resource.value = name;
    filter.value = wantedFilter;
    screen.value = 'resources';
  });
}
