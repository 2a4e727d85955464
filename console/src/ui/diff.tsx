// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Diff as DiffAnswer, DiffObject, FieldChange } from '../api/types.ts';
import { hunk } from '../engine/hunks.ts';
import { clock, duration, iso } from '../engine/time.ts';
import { goTo, pin } from '../state/actions.ts';
import { at, cluster, committed, filter, limits, moment, namespace, pinned } from '../state/store.ts';
import { Empty, FilterField, HiddenNote, NamespaceSelect, ObjectButton, ProblemNote, TimeButton, kindName, useLatest } from './parts.tsx';

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;
/** Rows of a list beyond this are counted, not drawn. */
const MOST = 500;

const keyOf = (object: DiffObject): string => `${object.resource}/${object.namespace}/${object.name}`;

export function Diff(): JSX.Element {
  const b = pinned.value;
  const now = moment.value;
  const [chosen, setChosen] = useState('');
  const from = b === null ? 0 : Math.min(now, b);
  const to = b === null ? 0 : Math.max(now, b);
  const answer = useLatest(b === null ? null : `${cluster.value} ${Math.round(from)} ${Math.round(to)} ${namespace.value}`, () =>
    getJson<DiffAnswer>(at('diff'), { from, to, namespace: namespace.value }),
  );
  if (b === null) {
    return <NoB />;
  }
  const words = filter.value.toLowerCase();
  // The search covers all of it, folded values included.
  const objects = (answer.value?.objects ?? []).filter((object) => words === '' || JSON.stringify(object).toLowerCase().includes(words));
  const current = objects.find((object) => keyOf(object) === chosen) ?? objects[0];
  return (
    <>
      <div class="toolbar">
        <h1>Diff</h1>
        <span class="mono number" data-testid="diff-range">
          {clock(from)}..{clock(to)}
        </span>
        <span class="muted">{duration(to - from)}</span>
        <NamespaceSelect />
        <FilterField placeholder="Search names and values   /" />
        <span class="muted number" data-testid="diff-counts">
          {answer.value === null ? '' : counts(answer.value)}
        </span>
        <span class="grow" />
        <HiddenNote hidden={answer.value?.hidden} />
        <button class="button" onClick={() => { pin(committed.value); goTo(b); }}>Swap</button>
        <button class="button" onClick={() => pin(null)}>Unpin B</button>
      </div>
      {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
      {answer.value?.warnings.map((warning) => <div class="note gap" key={warning}>{warning}</div>)}
      {answer.value === null ? (
        <Empty title={answer.problem === null ? 'Comparing…' : 'Nothing to show'} />
      ) : current === undefined ? (
        <Empty title={words !== '' && answer.value.objects.length > 0 ? `0 of ${answer.value.objects.length} match` : 'Identical'}>
          <p>{words === '' ? folded(answer.value) : ''}</p>
        </Empty>
      ) : (
        <div class="split" data-testid="diff">
          <ObjectList objects={objects} current={current} choose={setChosen} />
          <Detail object={current} from={from} to={to} />
        </div>
      )}
    </>
  );
}

function counts(diff: DiffAnswer): string {
  const { added = 0, removed = 0, changed = 0 } = diff.counts;
  return `${changed} changed, ${added} added, ${removed} removed${folded(diff) === '' ? '' : `; ${folded(diff)}`}`;
}

function folded(diff: DiffAnswer): string {
  const parts = Object.entries(diff.folded).filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name === 'fields' ? 'fields of bookkeeping' : name}`);
  return parts.length === 0 ? '' : `not shown: ${parts.join(', ')}`;
}

function NoB(): JSX.Element {
  const now = committed.value;
  const before = (millis: number): number => Math.max(now - millis, limits.value.from);
  return (
    <>
      <div class="toolbar"><h1>Diff</h1></div>
      <Empty title="Pin a second moment">
        <p>A diff compares the moment of thumb A with that of thumb B. <kbd>b</kbd> pins B where A is; then drag either.</p>
        <div class="legend">
          <button class="button" data-testid="pin-b" onClick={() => pin(now)}>Pin B at {clock(now)}</button>
          <button class="button" onClick={() => pin(before(60_000))}>1 min before</button>
          <button class="button" onClick={() => pin(before(300_000))}>5 min before</button>
          <button class="button" data-testid="pin-start" onClick={() => pin(limits.value.from)}>Start of the recording</button>
        </div>
      </Empty>
    </>
  );
}

function ObjectList({ objects, current, choose }: { objects: readonly DiffObject[]; current: DiffObject; choose: (key: string) => void }): JSX.Element {
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const item = (event.target as HTMLElement).closest('li');
      ((step > 0 ? item?.nextElementSibling : item?.previousElementSibling)?.firstElementChild as HTMLElement | null)?.focus();
    }
  };
  return (
    <ul class="list rows" aria-label="Objects that differ" data-testid="diff-objects" onKeyDown={keys}>
      {objects.slice(0, MOST).map((object) => (
        <li key={keyOf(object)}>
          <button aria-current={object === current ? 'true' : undefined} data-testid="diff-object" data-object={keyOf(object)} onClick={() => choose(keyOf(object))} onFocus={() => choose(keyOf(object))}>
            <span class={`sign ${object.change}`} aria-label={object.change}>{SIGNS[object.change]}</span>
            <span class="grow ellipsis" title={keyOf(object)}>
              <span class="muted">{kindName(object.resource)}/</span>
              <bdi>{object.name}</bdi>
              {object.namespace !== '' && <span class="muted"> · <bdi>{object.namespace}</bdi></span>}
            </span>
            <span class="muted number">{object.fields?.length ?? ''}</span>
          </button>
        </li>
      ))}
      {objects.length > MOST && <li class="note">{objects.length - MOST} more: filter to find them</li>}
    </ul>
  );
}

function Detail({ object, from, to }: { object: DiffObject; from: number; to: number }): JSX.Element {
  const [whole, setWhole] = useState(false);
  return (
    <section class="detail" aria-label="Differences" tabIndex={0}>
      <div class="toolbar">
        <h2 class="grow ellipsis"><ObjectButton object={object} /></h2>
        <span class="muted">last <TimeButton at={object.at} /></span>
        <button class="button" aria-pressed={!whole} onClick={() => setWhole(false)}>Fields</button>
        <button class="button" aria-pressed={whole} data-testid="whole-yaml" onClick={() => setWhole(true)}>YAML</button>
      </div>
      {whole ? (
        <Merge object={object} from={from} to={to} />
      ) : (
        <div class="fields">
          {object.change !== 'changed' && (
            <p>
              {object.change === 'added' ? 'Does not exist at' : 'No longer exists at'} {clock(object.change === 'added' ? from : to)}.{' '}
              <button class="linklike" onClick={() => setWhole(true)}>Show it</button>
            </p>
          )}
          {object.fields?.map((field) => <Field key={field.path} field={field} />)}
          {object.folded > 0 && <p class="muted">{object.folded} fields of bookkeeping not shown; YAML has them.</p>}
        </div>
      )}
    </section>
  );
}

const BIG = 2000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

function Value({ text, kind }: { text: string; kind: 'before' | 'after' }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <pre class={kind} aria-label={kind}>
      <span aria-hidden="true">{kind === 'before' ? '− ' : '+ '}</span>
      <bdi>{text.length > BIG && !open ? `${text.slice(0, BIG)}… ` : text}</bdi>
      {text.length > BIG && !open && <button class="linklike" onClick={() => setOpen(true)}>show all {Math.ceil(text.length / 1024)} KiB</button>}
    </pre>
  );
}

function Field({ field }: { field: FieldChange }): JSX.Element {
  const both = field.before !== undefined && field.after !== undefined;
  const part = both ? hunk(textOf(field.before), textOf(field.after)) : { before: textOf(field.before ?? ''), after: textOf(field.after ?? ''), above: 0, below: 0 };
  const left = part.above + part.below;
  return (
    <div class="change" data-testid="diff-field">
      <header>
        <span class="mono wrap"><bdi>{field.path}</bdi></span>
        {field.manager !== undefined && <span class="muted" title={field.managedAt}>by <bdi>{field.manager}</bdi></span>}
      </header>
      {field.before !== undefined && <Value text={part.before} kind="before" />}
      {field.after !== undefined && <Value text={part.after} kind="after" />}
      {left > 0 && <p class="muted">{left} equal {left === 1 ? 'line' : 'lines'} not shown</p>}
    </div>
  );
}

/** The whole object, side by side. The editor is loaded when it is first wanted. */
function Merge({ object, from, to }: { object: DiffObject; from: number; to: number }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const key = `${keyOf(object)} ${iso(from)} ${iso(to)}`;
  const answer = useLatest(key, () =>
    getJson<DiffAnswer>(at('diff'), { from, to, resources: object.resource, namespace: object.namespace, name: object.name, bodies: true }),
  );
  const found = answer.value?.objects.find((each) => keyOf(each) === keyOf(object));
  useEffect(() => {
    if (found === undefined || box.current === null) {
      return;
    }
    let close = (): void => undefined;
    let gone = false;
    void import('./merge.ts').then(({ showMerge }) => {
      if (!gone && box.current !== null) {
        close = showMerge(box.current, found.old ?? '', found.new ?? '');
      }
    });
    return () => {
      gone = true;
      close();
    };
  }, [found]);
  if (answer.problem !== null) {
    return <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  return <div class="editor" ref={box} data-testid="merge" />;
}
