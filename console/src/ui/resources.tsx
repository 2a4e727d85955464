// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { getJson } from '../api/client.ts';
import type { Resources as ResourceList, Table, TableColumn, TableRow } from '../api/types.ts';
import { candidates, existing, lastSeen } from '../engine/rows.ts';
import { clock, duration } from '../engine/time.ts';

import { objectText, type RecordedWindow } from '../engine/window.ts';
import { goTo, select } from '../state/actions.ts';
import { Latest } from '../state/latest.ts';
import { at, cluster, filter, here, isPictured, namespace, resource, rested, selection } from '../state/store.ts';
import { Empty, FilterField, GapNote, HealthMark, HiddenNote, Name, NamespaceSelect, ProblemNote, useLatest } from './parts.tsx';

const ROW = 28;
/** Rows above and below what is seen that are there already when one scrolls. */
const MARGIN = 8;

interface Cells {
  readonly version: number;
  readonly row: TableRow;
}

/** Printed rows by object, of the version they were printed from. A window's rows are forgotten with it. */
class Printed {
  readonly columns = signal<readonly TableColumn[]>([]);
  readonly changed = signal(0);
  readonly pages = new Latest<Table>();
  private readonly rows = new Map<number, Cells>();

  get(row: number): Cells | undefined {
    return this.rows.get(row);
  }

  put(row: number, cells: Cells): void {
    if (this.rows.size > 20_000) {
      this.rows.clear();
    }
    this.rows.set(row, cells);
  }
}

export function useResources(): ResourceList | null {
  // Counting everything there is takes the server a while; no frame waits for it.
  const asked = rested.value - (rested.value % 1000);
  return useLatest(asked === 0 || !isPictured.value ? null : `${cluster.value} ${asked}`, () => getJson<ResourceList>(at('resources'), { t: asked })).value;
}

export function Resources(): JSX.Element {
  const { window, moment: now } = here.value;
  const list = useResources();
  const query = { resource: resource.value, namespace: namespace.value, filter: filter.value };
  const able = useMemo(() => (window === null ? new Uint32Array() : candidates(window, query)), [window, query.resource, query.namespace, query.filter]);
  const unfiltered = useMemo(
    () => (window === null ? new Uint32Array() : candidates(window, { resource: query.resource, namespace: '', filter: '' })),
    [window, query.resource],
  );
  const into = useMemo(() => new Uint32Array(able.length), [able]);
  const count = window === null ? 0 : existing(window, able, into);
  let all = able.length === unfiltered.length ? count : 0;
  if (window !== null && able.length !== unfiltered.length) {
    for (const row of unfiltered) {
      all += window.index.exists(row) ? 1 : 0;
    }
  }
  const kinds = window?.kinds ?? [];
  const named = list?.resources ?? kinds.map((kind) => ({ ...kind, objects: 0 }));
  return (
    <>
      <div class="toolbar">
        <h1>Resources</h1>
        <select class="field" aria-label="Resource" data-testid="resource" value={resource.value} onChange={(event) => (resource.value = event.currentTarget.value)}>
          {!named.some((each) => each.resource === resource.value) && <option value={resource.value}>{resource.value}</option>}
          {named.map((each) => (
            <option key={each.resource} value={each.resource}>
              {each.resource} {each.objects > 0 ? `(${each.objects})` : ''}
            </option>
          ))}
        </select>
        <NamespaceSelect />
        <FilterField placeholder="Filter by name   /" />
        <span class="muted number" data-testid="row-count">
          {count === all ? `${count.toLocaleString('en')}` : `${count.toLocaleString('en')} of ${all.toLocaleString('en')}`}
        </span>
        <span class="grow" />
        <HiddenNote hidden={list?.hidden} />
      </div>
      <GapNote resource={resource.value} />
      {window === null ? (
        <Empty title="Loading what was recorded…" />
      ) : count === 0 ? (
        <NoRows window={window} able={able} all={all} now={now} />
      ) : (
        <Rows window={window} rows={into} count={count} now={now} />
      )}
    </>
  );
}

function NoRows({ window, able, all, now }: { window: RecordedWindow; able: Uint32Array; all: number; now: number }): JSX.Element {
  const seen = lastSeen(window, able, now);
  const next = able.length > 0 ? Math.min(...Array.from(able.subarray(0, 1000), (row) => window.index.nextChange(row, now)).filter((each) => !Number.isNaN(each))) : Number.POSITIVE_INFINITY;
  return (
    <Empty title={all > 0 ? `0 of ${all.toLocaleString('en')} match` : `No ${resource.value} at ${clock(now)}`}>
      {seen.count > 0 && (
        <button class="button" data-testid="jump" onClick={() => goTo(seen.at - 1)}>
          {seen.count} existed at {clock(seen.at - 1)}: jump
        </button>
      )}
      {seen.count === 0 && Number.isFinite(next) && (
        <button class="button" data-testid="jump" onClick={() => goTo(next)}>
          The first came at {clock(next)}: jump
        </button>
      )}
      {filter.value !== '' && (
        <button class="button" onClick={() => (filter.value = '')}>
          Clear the filter
        </button>
      )}
    </Empty>
  );
}

function Rows({ window, rows, count, now }: { window: RecordedWindow; rows: Uint32Array; count: number; now: number }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const printed = useMemo(() => new Printed(), [window.names, resource.value]);
  const isNamespaced = window.kinds.find((kind) => kind.resource === resource.value)?.namespaced ?? true;
  useEffect(() => {
    const element = box.current!;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const begin = Math.max(Math.floor(view.top / ROW) - MARGIN, 0);
  const end = Math.min(Math.ceil((view.top + view.height) / ROW) + MARGIN, count);
  const visible = Array.from(rows.subarray(begin, Math.max(end, begin)));
  // Bodies are fetched for visible rows only, and of those for the ones that changed.
  const wanted = visible.filter((row) => printed.get(row)?.version !== window.index.current[row]);
  const asked = wanted.map((row) => [row, window.index.current[row]!] as const);
  useEffect(() => {
    if (asked.length === 0) {
      return;
    }
    const names = asked.map(([row]) => {
      const object = window.object(row);
      return object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
    });
    printed.pages.want(`${now} ${asked.map(([row, version]) => `${row}.${version}`).join(' ')}`, async () => {
      const table = await getJson<Table>(at('table'), { t: now, resource: resource.value, names: names.join(',') });
      table.rows.forEach((row, i) => {
        if (row !== null && asked[i] !== undefined) {
          printed.put(asked[i]![0], { version: asked[i]![1], row });
        }
      });
      if (printed.columns.value.length === 0) {
        printed.columns.value = table.columns;
      }
      printed.changed.value++;
      return table;
    });
  });
  void printed.changed.value;
  const page = printed.pages.shown.value;
  const columns = printed.columns.value.map((column, number) => ({ ...column, number })).filter((column) => column.priority === 0 && column.name !== 'Name');
  const widths: Width[] = [[112, 0], ...(isNamespaced ? [[110, 0.5] as const] : []), [250, 2.2], ...columns.map((column) => widthOf(column.name))];
  const template = widths.map(([least, share]) => (share === 0 ? `${least}px` : `minmax(${least}px, ${share}fr)`)).join(' ');
  const least = `${widths.reduce((sum, [width]) => sum + width + 14, 18)}px`;
  // A row that looks as it did is the same element, which costs nothing to compare.
  const drawn = useMemo(() => new Map<number, { looks: string; element: JSX.Element }>(), [window, printed, columns.length]);
  if (drawn.size > 10 * (visible.length + MARGIN)) {
    drawn.clear();
  }
  const index = selection.value === null ? -1 : window.find(selection.value);
  const keys = (event: KeyboardEvent): void => {
    const current = rows.subarray(0, count).indexOf(index);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 }[event.key];
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const next = Math.min(Math.max(current + step, 0), count - 1);
    select(window.object(rows[next]!));
    const y = next * ROW;
    const element = box.current!;
    if (y < element.scrollTop || y + ROW * 2 > element.scrollTop + element.clientHeight) {
      element.scrollTop = y - element.clientHeight / 2;
    }
  };
  return (
    <>
      {page.problem !== null && <ProblemNote problem={page.problem} again={() => printed.pages.again()} />}
      {page.value !== null && page.value.warning !== '' && <div class="note">{page.value.warning}</div>}
      <div class="table" ref={box} role="grid" aria-label={resource.value} aria-rowcount={count + 1} tabIndex={0} data-testid="table" onKeyDown={keys}>
        <div class="tr header" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth: least }}>
          <span role="columnheader">Health</span>
          {isNamespaced && <span role="columnheader">Namespace</span>}
          <span role="columnheader">Name</span>
          {columns.map((column) => (
            <span key={column.name} role="columnheader">
              {column.name}
            </span>
          ))}
        </div>
        <div class="rowgroup" role="rowgroup" style={{ height: `${count * ROW}px`, minWidth: least }}>
          {visible.map((row, i) => {
            const version = window.index.current[row]!;
            const cells = printed.get(row);
            const fresh = now - window.index.columns.at[version]! < 3000 && window.verb[version] !== 0;
            const age = cells === undefined ? '' : duration(now - cells.row.created);
            const looks = `${begin + i} ${version} ${cells?.version} ${fresh} ${age} ${row === index}`;
            const before = drawn.get(row);
            if (before?.looks === looks) {
              return before.element;
            }
            const object = window.object(row);
            const element = (
              <div
                key={row}
                class={`tr body ${cells?.version === version ? '' : 'pending'} ${fresh ? 'changed' : ''}`}
                role="row"
                aria-rowindex={begin + i + 2}
                aria-selected={row === index}
                data-testid="row"
                data-object={objectText(object)}
                style={{ gridTemplateColumns: template, top: `${(begin + i) * ROW}px` }}
                onClick={() => select(object)}
              >
                <span role="gridcell">
                  <HealthMark health={window.index.healthOf(row)} />
                </span>
                {isNamespaced && (
                  <span role="gridcell" class="muted">
                    <Name text={object.namespace} />
                  </span>
                )}
                <span role="gridcell">
                  <Name text={object.name} />
                </span>
                {columns.map((column) => (
                  <span key={column.name} role="gridcell" class="cell number">
                    {cells === undefined ? '…' : <Name text={column.name === 'Age' ? age : cellText(cells.row.cells[column.number])} />}
                  </span>
                ))}
              </div>
            );
            drawn.set(row, { looks, element });
            return element;
          })}
        </div>
      </div>
    </>
  );
}

const cellText = (cell: unknown): string => (cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell));

/** Pixels at least, and the share of what is left. */
type Width = readonly [number, number];

function widthOf(name: string): Width {
  const narrow = ['Ready', 'Restarts', 'Age', 'Data', 'Desired', 'Current', 'Up-to-date', 'Available', 'Type', 'Completions', 'Duration', 'Min', 'Max', 'Replicas'];
  return narrow.includes(name) ? [76, 0.4] : [116, 1];
}

