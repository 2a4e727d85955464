// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Timeline as TimelineAnswer, TimelineEntry } from '../api/types.ts';
import { readColours } from '../draw/colours.ts';
import { drawLanes, type Arrow, type Lane } from '../draw/lanes.ts';
import { candidates } from '../engine/rows.ts';
import { iso } from '../engine/time.ts';
import { pan, toMoment, zoom, type Range } from '../engine/view.ts';
import { objectText, type RecordedWindow } from '../engine/window.ts';
import { goTo, select, setRange } from '../state/actions.ts';
import { colours } from '../state/settings.ts';
import { at, cluster, filter, gaps, here, limits, namespace, range, selection } from '../state/store.ts';
import { Fields } from './drawer.tsx';
import { Empty, FilterField, GapNote, HealthMark, NamespaceSelect, ObjectButton, ProblemNote, TimeButton, useLatest } from './parts.tsx';
import { useWidth } from './timebar.tsx';

const MOST_LANES = 60;
const MOST_ENTRIES = 1000;

/** Rows to show: the worst first, then those that change most; what only beats (nothing but one version) is left out. */
export function chooseLanes(window: RecordedWindow, rows: Uint32Array, shown: Range): { rows: number[]; left: number } {
  const { health } = window.index.columns;
  const scored: { row: number; score: number }[] = [];
  const versions = window.index.between(shown.from, shown.to);
  const worst = new Map<number, { worst: number; changes: number }>();
  for (const version of versions) {
    const row = window.index.objectOf(version);
    const own = worst.get(row) ?? { worst: 0, changes: 0 };
    const bad = health[version] === 4 ? 3 : health[version] === 3 ? 2 : health[version] === 2 ? 1 : 0;
    worst.set(row, { worst: Math.max(own.worst, bad), changes: own.changes + (window.verb[version] === 0 ? 0 : 1) });
  }
  for (const row of rows) {
    const own = worst.get(row);
    if (own !== undefined && own.changes > 0) {
      scored.push({ row, score: own.worst * 1e6 + Math.min(own.changes, 1e5) });
    }
  }
  scored.sort((a, b) => b.score - a.score || a.row - b.row);
  const chosen = scored.slice(0, MOST_LANES).map((each) => each.row);
  return { rows: chosen, left: scored.length - chosen.length };
}

/** Lanes on a canvas, with the names beside it. */
export function Lanes({ window, lanes, arrows, now, shown }: { window: RecordedWindow; lanes: readonly Lane[]; arrows: readonly Arrow[]; now: number; shown: Range }): JSX.Element {
  const [element, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = colours.value;
  const paint = useMemo(readColours, [theme]);
  const chosen = selection.value;
  const selected = chosen === null ? -1 : window.find(chosen);
  useEffect(() => {
    if (width > 0 && canvas.current !== null) {
      drawLanes(canvas.current, width, { window, range: shown, moment: now, lanes, arrows, selected }, paint);
    }
  }, [width, window, lanes, arrows, now, shown, paint, selected]);
  useEffect(() => {
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const box = element.current!.getBoundingClientRect();
        const around = toMoment(event.clientX - box.left, range.value, box.width);
        setRange(event.ctrlKey ? zoom(range.value, Math.exp(event.deltaY / 300), around, limits.value) : pan(range.value, (event.deltaX + event.deltaY) / 1500, limits.value));
      }
    };
    element.current!.addEventListener('wheel', wheel, { passive: false });
    return () => element.current?.removeEventListener('wheel', wheel);
  }, []);
  const pointed = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 1) {
      const box = element.current!.getBoundingClientRect();
      goTo(toMoment(event.clientX - box.left, range.value, box.width));
    }
  };
  return (
    <div class="lanes" data-testid="lanes" tabIndex={0} role="region" aria-label="Lanes of objects">
      <div class="grid2">
        <div class="names">
          {lanes.map((lane) => {
            const object = window.object(lane.row);
            return (
              <button key={lane.row} aria-current={lane.row === selected ? 'true' : undefined} data-testid="lane" data-object={objectText(object)} title={`${object.resource} ${object.namespace}/${object.name}`} onClick={() => select(object)}>
                <HealthMark health={window.index.healthOf(lane.row)} text={false} />
                <span class="ellipsis">
                  <span class="muted">{window.kind(lane.row).kind} </span>
                  <bdi>{object.name}</bdi>
                </span>
              </button>
            );
          })}
        </div>
        <div class="paint" ref={element} onPointerDown={pointed} onPointerMove={pointed}>
          <canvas ref={canvas} aria-hidden="true" />
        </div>
      </div>
    </div>
  );
}

/** The range, rounded outwards a little, so that panning by a pixel asks nothing new. */
export function roundedRange(shown: Range): Range {
  const step = Math.max(2 ** Math.ceil(Math.log2((shown.to - shown.from) / 16)), 250);
  return { from: Math.max(Math.floor(shown.from / step) * step, limits.value.from), to: Math.min(Math.ceil(shown.to / step) * step, limits.value.to) };
}

export function Timeline(): JSX.Element {
  const { window, moment: now } = here.value;
  const shown = range.value;
  const asked = roundedRange(shown);
  const answer = useLatest(`${cluster.value} ${asked.from} ${asked.to} ${namespace.value}`, () =>
    getJson<TimelineAnswer>(at('timeline'), { from: asked.from, to: asked.to, namespace: namespace.value, limit: MOST_ENTRIES }),
  );
  const query = { resource: '', namespace: namespace.value, filter: filter.value };
  const able = useMemo(() => {
    const all = window === null ? new Uint32Array() : candidates(window, query);
    return query.namespace === '' ? all : all.filter((row) => window!.namespaces[window!.namespaceOf[row]!] === query.namespace);
  }, [window, query.namespace, query.filter]);
  const chosen = useMemo(() => (window === null ? { rows: [], left: 0 } : chooseLanes(window, able, shown)), [window, able, shown]);
  const entries = useMemo(() => wantedEntries(answer.value, query.filter), [answer.value, query.filter]);
  const lanes = useMemo(() => (window === null ? [] : chosen.rows.map((row) => laneOf(window, row, entries))), [window, chosen, entries, gaps.value]);
  if (window === null) {
    return <Empty title="Loading what was recorded…" />;
  }
  return (
    <>
      <div class="toolbar">
        <h1>Timeline</h1>
        <NamespaceSelect />
        <FilterField placeholder="Filter lanes   /" />
        <span class="muted number" data-testid="lane-count">
          {chosen.rows.length} lanes{chosen.left > 0 ? `; ${chosen.left.toLocaleString('en')} quieter ones hidden` : ''}
        </span>
        <span class="grow" />
        <span class="legend">bar: state · line: change · ◆ Event · stripes: unknown</span>
      </div>
      <GapNote />
      {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
      {chosen.rows.length === 0 ? (
        <Empty title="Nothing changed in this range">
          <button class="button" onClick={() => setRange(limits.value)}>Show the whole recording</button>
        </Empty>
      ) : (
        <Lanes window={window} lanes={lanes} arrows={[]} now={now} shown={shown} />
      )}
      <Entries entries={entries} omitted={answer.value?.omitted ?? 0} now={now} shown={shown} />
    </>
  );
}

function wantedEntries(answer: TimelineAnswer | null, text: string): TimelineEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (answer?.entries ?? []).filter((entry) => words.every((word) => `${entry.namespace}/${entry.name} ${entry.text}`.toLowerCase().includes(word)));
}

function laneOf(window: RecordedWindow, row: number, entries: readonly TimelineEntry[]): Lane {
  const object = window.object(row);
  return {
    row,
    events: entries
      .filter((entry) => (entry.what === 'event' || entry.what === 'process') && entry.name === object.name && entry.namespace === object.namespace && entry.resource === object.resource)
      .map((entry) => ({ at: entry.at, warning: entry.what === 'process' || entry.text.startsWith('Warning') })),
    gaps: gaps.value.filter((gap) => gap.resource === '' || gap.resource.split(', ').includes(object.resource)),
  };
}

/** The same as the lanes, as a table: what a canvas shows has words beside it. One row is in the tab order, arrows move on. */
function Entries({ entries, omitted, now, shown }: { entries: readonly TimelineEntry[]; omitted: number; now: number; shown: Range }): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const inRange = entries.filter((entry) => entry.at >= shown.from && entry.at <= shown.to);
  let current = -1;
  inRange.forEach((entry, i) => (current = entry.at <= now ? i : current));
  useEffect(() => {
    const row = body.current?.children[Math.max(current, 0)] as HTMLElement | undefined;
    const element = box.current;
    if (row !== undefined && element !== null && (row.offsetTop < element.scrollTop + 30 || row.offsetTop + row.offsetHeight > element.scrollTop + element.clientHeight)) {
      element.scrollTop = row.offsetTop - element.clientHeight / 2;
    }
  }, [current]);
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = (event.target as HTMLElement).closest('tr');
    if (row === null || event.target !== row) {
      return;
    }
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      ((step > 0 ? row.nextElementSibling : row.previousElementSibling) as HTMLElement | null)?.focus();
    } else if (event.key === 'Enter') {
      goTo(inRange[Number(row.dataset['entry'])]!.at);
    }
  };
  return (
    <div class="below" ref={box} role="region" aria-label="Entries" tabIndex={-1}>
      <table class="grid" data-testid="entries">
        <thead>
          <tr><th>Time</th><th>What</th><th>Object</th><th>{omitted > 0 ? `${omitted} earlier ones of this range not shown` : 'Happened'}</th><th>Who</th></tr>
        </thead>
        <tbody ref={body} onKeyDown={keys}>
          {inRange.slice(-400).map((entry, i) => {
            const number = i + Math.max(inRange.length - 400, 0);
            return (
              <tr key={`${entry.at}${entry.what}${entry.name}${number}`} tabIndex={number === Math.max(current, 0) ? 0 : -1} data-entry={number} class={entry.at > now ? 'future' : number === current ? 'now' : ''} aria-label={`${iso(entry.at)} ${entry.what} ${entry.name}`}>
                <td class="when"><TimeButton at={entry.at} /></td>
                <td class="what">{entry.what}</td>
                <td>{entry.name === '' ? entry.resource : <ObjectButton object={entry} />}</td>
                <td><bdi>{entry.text.length > 400 ? `${entry.text.slice(0, 400)}… (${entry.text.length} characters)` : entry.text}</bdi><Fields fields={entry.fields} most={2} /></td>
                <td class="muted"><bdi>{entry.who}</bdi></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
