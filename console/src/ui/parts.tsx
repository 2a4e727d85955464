// SPDX-License-Identifier: Apache-2.0
// Small things every screen uses. Names come from clusters: they are text, isolated in their direction, never markup.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Problem } from '../api/client.ts';
import { clock, day, iso } from '../engine/time.ts';
import { at as gapsAt } from '../engine/gaps.ts';
import { Health } from '../engine/versions.ts';
import type { Hidden, ObjectName } from '../engine/window.ts';
import { goTo, select } from '../state/actions.ts';
import { trouble } from '../state/connection.ts';
import { Latest, type Shown } from '../state/latest.ts';
import { filter, gaps, limits, moment, namespace, recorded, recording } from '../state/store.ts';

export const HEALTH_TEXT: Readonly<Record<number, string>> = {
  [Health.unknown]: 'no status',
  [Health.ok]: 'ok',
  [Health.progressing]: 'progressing',
  [Health.warning]: 'degraded',
  [Health.failed]: 'failed',
  [Health.done]: 'completed',
  [Health.terminating]: 'terminating',
  [Health.gone]: 'gone',
};

const SHAPES: Readonly<Record<number, JSX.Element>> = {
  [Health.unknown]: <circle cx="8" cy="8" r="3" fill="currentColor" />,
  [Health.ok]: <path d="M3 8.500l3.500 3.500L13 4.500" fill="none" stroke="currentColor" stroke-width="2.200" stroke-linecap="round" />,
  [Health.progressing]: <path d="M8 2.500a5.500 5.500 0 1 1-5.500 5.500" fill="none" stroke="currentColor" stroke-width="2.200" stroke-linecap="round" />,
  [Health.warning]: <path d="M8 1.500 15 14H1z" fill="currentColor" />,
  [Health.failed]: <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.600" stroke-linecap="round" />,
  [Health.done]: <rect x="3.500" y="3.500" width="9" height="9" rx="1.500" fill="none" stroke="currentColor" stroke-width="2" />,
  [Health.terminating]: <path d="M3 8h10" fill="none" stroke="currentColor" stroke-width="2.600" stroke-linecap="round" />,
  [Health.gone]: <circle cx="8" cy="8" r="4" fill="none" stroke="currentColor" stroke-width="1.500" stroke-dasharray="2 2" />,
};

/** Status as icon, shape and text. */
export function HealthMark({ health, text = true }: { health: number; text?: boolean }): JSX.Element {
  const words = HEALTH_TEXT[health] ?? 'unknown';
  return (
    <span class={`health h${health}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">{SHAPES[health] ?? SHAPES[0]}</svg>
      <span class={text ? '' : 'hidden-text'}>{words}</span>
    </span>
  );
}

export function Name({ text, class: extra = '' }: { text: string; class?: string }): JSX.Element {
  return (
    <bdi class={`ellipsis ${extra}`} title={text}>
      {text}
    </bdi>
  );
}

export const kindName = (resource: string): string => resource.split('.')[0]!;

export function ObjectButton({ object, wanted }: { object: ObjectName; wanted?: string }): JSX.Element {
  return (
    <button class="linklike ellipsis" title={`${object.resource} ${object.namespace} ${object.name}`} onClick={() => select(object, wanted)}>
      <span class="muted">{kindName(object.resource)}/</span>
      <bdi>{object.name}</bdi>
    </button>
  );
}

export function Time({ at, seconds = true }: { at: number; seconds?: boolean }): JSX.Element {
  return (
    <time dateTime={iso(at)} title={iso(at)}>
      {seconds ? clock(at) : `${day(at)} ${clock(at)}`}
    </time>
  );
}

export function TimeButton({ at }: { at: number }): JSX.Element {
  return (
    <button class="linklike mono" title={`Go to ${iso(at)}`} onClick={() => goTo(at)}>
      {clock(at)}
    </button>
  );
}

export function Empty({ title, stripes = false, children }: { title: string; stripes?: boolean; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty" role="status" data-testid="empty">
      {stripes && <div class="stripes" aria-hidden="true" />}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function ProblemNote({ problem, again }: { problem: Problem; again?: () => void }): JSX.Element | null {
  // That the server does not answer is said once, for all of the page.
  if (trouble.value !== null && (problem.isPassing || problem.isExpired)) {
    return null;
  }
  return (
    <div class="note problem" role="alert" data-testid="problem">
      <span class="grow wrap">
        <b>{problem.title}.</b> {problem.detail} <span class="muted">{problem.next}</span>
      </span>
      {again !== undefined && (
        <button class="button" onClick={again}>
          Retry
        </button>
      )}
    </div>
  );
}

/** What was not observed at the moment shown, of one resource or of any. */
export function GapNote({ resource = '' }: { resource?: string }): JSX.Element | null {
  const found = gapsAt(gaps.value, moment.value);
  const own = found.filter((gap) => resource === '' || gap.resource === '' || gap.resource.split(', ').includes(resource));
  if (own.length === 0) {
    return null;
  }
  const gap = own[0]!;
  return (
    <div class="note gap" role="status" data-testid="gap-note">
      <b>Not recorded</b>
      <span class="grow wrap">
        {clock(gap.from)}–{clock(gap.to)} {gap.resource === '' ? 'anything' : gap.resource}: {gap.reason}. The last known state is shown.
        {own.length > 1 ? ` And ${own.length - 1} more.` : ''}
      </span>
      <button class="button" onClick={() => goTo(Math.max(gap.from - 1, limits.value.from))}>
        Before it
      </button>
      <button class="button" onClick={() => goTo(gap.to)}>
        After it
      </button>
    </div>
  );
}

export function HiddenNote({ hidden }: { hidden: Hidden | undefined }): JSX.Element | null {
  if (hidden === undefined || hidden.types + hidden.namespaces === 0) {
    return null;
  }
  return (
    <span class="muted" data-testid="hidden">
      {[hidden.types > 0 ? `${hidden.types} kinds` : '', hidden.namespaces > 0 ? `${hidden.namespaces} namespaces` : ''].filter((text) => text !== '').join(' and ')} hidden: you may not read them
    </span>
  );
}

export function NamespaceSelect(): JSX.Element {
  const all = recorded.value?.namespaces;
  const options = useMemo(() => {
    const names = (all ?? []).filter((name) => name !== '');
    return (namespace.value === '' || names.includes(namespace.value) ? names : [...names, namespace.value]).map((name) => (
      <option key={name} value={name}>
        {name.length > 40 ? `${name.slice(0, 40)}…` : name}
      </option>
    ));
  }, [all, namespace.value]);
  return (
    <select class="field" aria-label="Namespace" data-testid="namespace" value={namespace.value} onChange={(event) => (namespace.value = event.currentTarget.value)}>
      <option value="">all namespaces</option>
      {options}
    </select>
  );
}

export function FilterField({ placeholder = 'Filter' }: { placeholder?: string }): JSX.Element {
  return (
    <input
      class="field"
      type="search"
      aria-label="Filter"
      data-testid="filter"
      placeholder={placeholder}
      value={filter.value}
      onInput={(event) => (filter.value = event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          filter.value = '';
          event.currentTarget.blur();
        }
      }}
    />
  );
}

/** An answer that follows what it is asked for; the one before stays until the next is there. */
export function useLatest<T>(key: string | null, ask: () => Promise<T>): Shown<T> & { again: () => void } {
  const latest = useMemo(() => new Latest<T>(), []);
  useEffect(() => {
    if (key === null) {
      latest.clear();
    } else {
      latest.want(key, ask);
    }
  }, [key]);
  useEffect(() => () => latest.clear(), []);
  return { ...latest.shown.value, again: () => latest.again() };
}

export function NotRecorded({ what, screen }: { what: string; screen: string }): JSX.Element {
  const reason = recording.value?.recorded[what]?.reason ?? '';
  return (
    <Empty title={`${screen} not recorded`} stripes>
      <p class="wrap">{reason === '' ? `This recording holds no ${what}. That does not mean there were none.` : `${reason}. That does not mean there were none.`}</p>
    </Empty>
  );
}
