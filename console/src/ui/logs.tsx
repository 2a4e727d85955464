// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Logs as LogAnswer } from '../api/types.ts';
import { clock, clockMillis, HOUR } from '../engine/time.ts';
import type { ObjectName } from '../engine/window.ts';
import { at, cluster, filter, limits, moment, namespace, recording, rested, selection } from '../state/store.ts';
import { Empty, FilterField, GapNote, NamespaceSelect, NotRecorded, ProblemNote, useLatest } from './parts.tsx';

/** While the slider moves, what is above the end of a screen is not drawn. */
const MOST_MOVING = 100;

export function Logs(): JSX.Element {
  return (
    <>
      <div class="toolbar">
        <h1>Logs</h1>
        <NamespaceSelect />
        <FilterField placeholder="Filter lines   /" />
        <span class="muted number">until {clock(moment.value)}</span>
      </div>
      <GapNote />
      <LogLines object={selection.value} />
    </>
  );
}

/** Lines up to the moment, with a rule where the playhead is; later lines of what is loaded are not shown. */
export function LogLines({ object }: { object: ObjectName | null }): JSX.Element {
  const has = recording.value?.recorded['logs']?.recorded ?? false;
  const until = Math.min(Math.ceil(moment.value / 10_000) * 10_000, limits.value.to);
  const parameters = object === null ? { namespace: namespace.value } : { ...object };
  const answer = useLatest(has ? `${cluster.value} ${until} ${JSON.stringify(parameters)}` : null, () =>
    getJson<LogAnswer>(at('logs'), { from: Math.max(until - HOUR, limits.value.from), to: until, t: until, ...parameters }),
  );
  const box = useRef<HTMLDivElement>(null);
  const all = (answer.value?.lines ?? []).filter((line) => line.at <= moment.value && line.text.toLowerCase().includes(filter.value.toLowerCase()));
  const lines = moment.value === rested.value ? all : all.slice(-MOST_MOVING);
  const earlier = (answer.value?.omitted ?? 0) + all.length - lines.length;
  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [all.length]);
  if (!has || answer.value?.recorded === false) {
    return <NotRecorded what="logs" screen="Logs" />;
  }
  if (answer.problem !== null) {
    return <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  if (answer.value === null) {
    return <Empty title="Loading…" />;
  }
  return (
    <div class="log" ref={box} data-testid="log" tabIndex={0} role="region" aria-label="Log lines">
      {earlier > 0 && <div class="muted">{earlier.toLocaleString('en')} earlier lines not shown</div>}
      {lines.length === 0 && <div class="muted">No lines in the hour until here{filter.value === '' ? '' : ' that match'}</div>}
      {lines.map((line, i) => (
        <div key={i}>
          <span class="muted">{clockMillis(line.at)} {line.pod === object?.name ? '' : `${line.pod ?? ''} `}</span>
          <bdi>{line.text.length > 5000 ? `${line.text.slice(0, 5000)}… (${line.text.length} characters)` : line.text}</bdi>
        </div>
      ))}
      <div class="rule">{clockMillis(moment.value)}</div>
    </div>
  );
}
