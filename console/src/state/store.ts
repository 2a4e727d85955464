// SPDX-License-Identifier: Apache-2.0
// What the console shows: a recording, a moment, a range, a selection. Screens read it; actions.ts changes it.

import { batch, computed, effect, signal } from '@preact/signals';
import { getBuffer, getJson, Problem } from '../api/client.ts';
import type { ClusterInfo, Clusters, Density, Recording } from '../api/types.ts';
import { merged, type Gap } from '../engine/gaps.ts';
import { readPlace, writePlace, type Place, type Screen } from '../engine/link.ts';
import { Heard } from '../engine/heard.ts';
import { Player } from '../engine/player.ts';
import { clamp, reveal, type Range } from '../engine/view.ts';
import { RecordedWindow, objectText, parseObject, type ObjectName } from '../engine/window.ts';
import { reportAnswer, reportClock, reportProblem } from './connection.ts';
import { Latest } from './latest.ts';

export const clusters = signal<ClusterInfo[]>([]);
export const version = signal('');
export const cluster = signal('');
export const recording = signal<Recording | null>(null);
/** Why there is no recording to show. */
export const failure = signal<Problem | null>(null);

export const screen = signal<Screen>('pulse');
/** The moment the slider was put to; of what follows the live end, that end. */
export const committed = signal(0);
/** A moment that is only looked at while the pointer rests on it. */
export const preview = signal<number | null>(null);
/** The moment screens show. */
export const moment = computed(() => preview.value ?? committed.value);
/** The moment once it has rested: what only has to be right when somebody looks is asked for then. */
export const rested = signal(0);
export const following = signal(false);
export const pinned = signal<number | null>(null);
export const range = signal<Range>({ from: 0, to: 1 });
export const marked = signal<number | null>(null);

export const selection = signal<ObjectName | null>(null);
export const tab = signal('yaml');
export const resource = signal('pods');
export const namespace = signal('');
export const filter = signal('');

export const player = new Player();
export const playing = signal(false);
export const speed = signal(1);

/** How long a moment has to stay to have rested. */
const REST = 250;

/** A sentence that is read out and goes away by itself. */
export const notice = signal('');
let noticeTimer: ReturnType<typeof setTimeout> | undefined;
export function say(text: string): void {
  notice.value = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.value = ''), 5000);
}

export const limits = computed<Range>(() => {
  const current = recording.value;
  return current === null ? { from: 0, to: 1 } : { from: current.start, to: Math.max(current.end, current.start + 1) };
});

export const gaps = computed<Gap[]>(() =>
  (recording.value?.gaps ?? []).map((gap) => ({
    from: gap.from,
    to: gap.to,
    resource: gap.all ? '' : gap.resources.join(', '),
    reason: gap.reason,
  })),
);
export const mergedGaps = computed(() => merged(gaps.value));

/** Below which a cluster's answers are. */
export const at = (path: string): string => `clusters/${encodeURIComponent(cluster.value)}/${path}`;

// The window of versions around the moment.

export const recorded = signal<RecordedWindow | null>(null);
export const windowLoading = signal(false);
export const windowProblem = signal<Problem | null>(null);
let loadingFor = Number.NaN;
/** Whether the window is the first, small one. */
let isOnlyNear = false;

/** The window with its cursor at the moment; changes whenever either does. None where it does not reach: it is being loaded then. */
export const here = computed(() => {
  const now = moment.value;
  const window = recorded.value?.covers(clamp(now, limits.value.from, limits.value.to)) ? recorded.value : null;
  window?.index.moveTo(now);
  return { window, moment: now };
});

/**
 * Whether the first picture is there, or will not come. Until then nothing else is asked for: the server's cores are its own, and
 * the density of a recording that was never asked about before takes longer than the versions near the moment.
 */
export const isPictured = signal(false);

/** What a first picture needs: the versions this close to the moment, ms. */
const NEAR = 60_000;
/** How long to wait for a picture, ms. */
const MOST_PAINTING = 500;
const MOST_CHANGES = 1_000_000;

/** What came live, which a window that was asked for before is extended with. */
export const heard = signal<Heard | null>(null);

/**
 * Loads the versions around a moment unless they are there: of all the recording if they fit, else of a stretch that does. The first
 * picture does not wait for that: it needs no more than what is near.
 */
export async function ensureWindow(asked: number): Promise<void> {
  const all = limits.value;
  const wanted = clamp(asked, all.from, all.to);
  const isThere = recorded.value?.covers(wanted) ?? false;
  if (recording.value === null || (isThere && !isOnlyNear) || !Number.isNaN(loadingFor)) {
    return;
  }
  loadingFor = wanted;
  windowLoading.value = true;
  try {
    if (!isThere && all.to - all.from > 4 * NEAR) {
      const near = await loadWindow(Math.max(wanted - NEAR, all.from), Math.min(wanted + NEAR, all.to));
      isOnlyNear = true;
      recorded.value = near;
      await pictured();
    }
    let from = all.from;
    let page: RecordedWindow;
    do {
      page = await loadWindow(from, all.to);
      const step = (wanted - from) / 2;
      from = page.to < wanted && step > 1000 ? from + step : Number.NaN;
    } while (!Number.isNaN(from));
    isOnlyNear = false;
    recorded.value = page;
    windowProblem.value = null;
    await pictured();
  } catch (thrown) {
    const problem = thrown instanceof Problem ? thrown : new Problem(-1, 'Error', String(thrown), '', 2, null);
    reportProblem(problem);
    windowProblem.value = problem;
    isPictured.value = true;
    if (problem.isPassing || problem.isExpired) {
      setTimeout(() => void ensureWindow(committed.value), problem.retryAfter * 1000);
    }
  } finally {
    loadingFor = Number.NaN;
    windowLoading.value = false;
  }
}

/** Waits until what is there has been painted. Pages that are not seen are not painted. */
async function pictured(): Promise<void> {
  if (!isPictured.peek()) {
    await new Promise((done) => {
      requestAnimationFrame(() => setTimeout(done));
      setTimeout(done, MOST_PAINTING);
    });
    isPictured.value = true;
  }
}

async function loadWindow(from: number, to: number): Promise<RecordedWindow> {
  const window = RecordedWindow.decode(await getBuffer(at('index'), { from, to, limit: MOST_CHANGES }));
  reportAnswer();
  return heard.peek()?.extend(window) ?? window;
}

// Density of the range.

const MOST_BUCKETS = 1024;
export const density = new Latest<Density>();

function askDensity(): void {
  const shown = range.value;
  const current = recording.value;
  if (current === null || !isPictured.value) {
    return;
  }
  // Finer than what is drawn, a power of two, so that neighbouring questions have the same addresses.
  const wanted = (shown.to - shown.from) / MOST_BUCKETS;
  let width = 125;
  while (width < wanted) {
    width *= 2;
  }
  const tile = width * MOST_BUCKETS;
  const from = Math.floor(shown.from / (tile / 2)) * (tile / 2);
  const to = from + tile * 2;
  const end = Math.min(to, current.end);
  density.want(`${cluster.value} ${from} ${end} ${width} ${namespace.value}`, () =>
    getJson(at('density'), { from, to: end, width, namespace: namespace.value }),
  );
}

// Places: what the address says.

export function place(): Place {
  return {
    screen: screen.value,
    cluster: clusters.value.length > 1 ? cluster.value : undefined,
    at: committed.value === 0 ? undefined : committed.value,
    b: pinned.value ?? undefined,
    from: range.value.from === limits.value.from ? undefined : range.value.from,
    to: range.value.to === limits.value.to ? undefined : range.value.to,
    object: selection.value === null ? undefined : objectText(selection.value),
    tab: selection.value === null || tab.value === 'yaml' ? undefined : tab.value,
    resource: screen.value === 'resources' ? resource.value : undefined,
    namespace: namespace.value,
    filter: filter.value,
  };
}

/** The absolute link to what is shown. */
export const link = (): string => new URL(import.meta.env.BASE_URL + writePlace(place()), location.href).href;

export function readAddress(): Place {
  return readPlace(location.pathname.slice(import.meta.env.BASE_URL.length) + location.search);
}

export function applyPlace(wanted: Place): void {
  batch(() => {
    screen.value = wanted.screen;
    tab.value = wanted.tab ?? 'yaml';
    resource.value = wanted.resource ?? resource.peek();
    namespace.value = wanted.namespace ?? '';
    filter.value = wanted.filter ?? '';
    selection.value = wanted.object === undefined ? null : parseObject(wanted.object);
    pinned.value = wanted.b ?? null;
    const current = recording.value;
    if (current === null) {
      return;
    }
    const all = limits.value;
    range.value = { from: Math.max(wanted.from ?? all.from, all.from), to: Math.min(wanted.to ?? all.to, all.to) };
    if (range.value.to <= range.value.from) {
      range.value = all;
    }
    if (wanted.at === undefined) {
      following.value = current.live;
      committed.value = current.end;
    } else {
      following.value = false;
      committed.value = clamp(wanted.at, all.from, all.to);
      if (committed.value !== wanted.at) {
        say('The link’s moment is outside of the recording: the nearest one is shown.');
      }
      range.value = reveal(range.value, committed.value, all);
    }
  });
}

export async function openRecording(id: string): Promise<void> {
  const wanted = readAddress();
  try {
    cluster.value = id;
    const found = await getJson<Recording>(at('recording'));
    reportAnswer();
    reportClock(found.now);
    // At once: versions are loaded around the moment, which has to be known by then.
    batch(() => {
      failure.value = null;
      recorded.value = null;
      isPictured.value = false;
      recording.value = found;
      applyPlace(wanted);
    });
  } catch (thrown) {
    giveUp(thrown, () => void openRecording(id));
  }
}

function giveUp(thrown: unknown, again: () => void): void {
  const problem = thrown instanceof Problem ? thrown : new Problem(-1, 'Error', String(thrown), '', 2, null);
  reportProblem(problem);
  failure.value = problem;
  if (problem.isPassing || problem.isExpired) {
    setTimeout(again, problem.retryAfter * 1000);
  }
}

export async function start(): Promise<void> {
  try {
    const found = await getJson<Clusters>('clusters');
    reportAnswer();
    reportClock(found.now);
    clusters.value = found.clusters;
    version.value = found.version;
    const wanted = readAddress().cluster;
    const chosen = found.clusters.find((each) => each.id === wanted) ?? found.clusters[0];
    if (chosen === undefined) {
      failure.value = new Problem(404, 'Nothing here', 'The server has no recording.', 'Record a cluster: kubectl traversion record --to DIRECTORY', 5, null);
      return;
    }
    await openRecording(chosen.id);
  } catch (thrown) {
    giveUp(thrown, () => void start());
  }
}

let lastPushed = '';

/** Keeps what is shown, what is loaded and the address in step. */
export function followState(): void {
  effect(() => void ensureWindow(moment.value));
  effect(askDensity);
  let resting: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const now = moment.value;
    clearTimeout(resting);
    resting = setTimeout(() => (rested.value = now), rested.peek() === 0 ? 0 : REST);
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    if (recording.value === null) {
      return;
    }
    const wanted = place();
    // The live end is not a place: a link to it would show another moment tomorrow, so it carries the time only when copied.
    const address = import.meta.env.BASE_URL + writePlace(following.value ? { ...wanted, at: undefined } : wanted);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const key = `${wanted.screen} ${wanted.object ?? ''}`;
      if (address === location.pathname + location.search) {
        lastPushed = key;
      } else if (lastPushed !== '' && key !== lastPushed) {
        history.pushState(null, '', address);
      } else {
        history.replaceState(null, '', address);
      }
      lastPushed = key;
    }, 120);
  });
  addEventListener('popstate', () => applyPlace(readAddress()));
}
