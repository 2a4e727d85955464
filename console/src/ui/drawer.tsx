// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { EventList, FieldChange, History, ObjectAt } from '../api/types.ts';
import { clock, duration } from '../engine/time.ts';
import { bigValues, yamlLines, type YamlLine } from '../engine/yaml.ts';
import type { ObjectName } from '../engine/window.ts';
import { goTo, select, show } from '../state/actions.ts';
import { at, cluster, here, limits, moment, selection, tab } from '../state/store.ts';
import { Activity, hasActivity } from './activity.tsx';
import { Icon } from './icons.tsx';
import { LogLines } from './logs.tsx';
import { Empty, HealthMark, ObjectButton, ProblemNote, Time, TimeButton, kindName, useLatest } from './parts.tsx';

const TABS = ['yaml', 'describe', 'events', 'logs', 'history', 'activity'] as const;

/** The key of what an object looks like: changes only when the object does. */
export function versionKey(object: ObjectName): string {
  const { window, moment: now } = here.value;
  const row = window?.find(object) ?? -1;
  return row < 0 || window === null ? `t${Math.floor(now / 1000)}` : `v${window.index.current[row]}`;
}

export function Drawer(): JSX.Element | null {
  const object = selection.value;
  const now = moment.value;
  const version = object === null ? '' : versionKey(object);
  const name = object === null ? '' : `${cluster.value} ${object.resource}/${object.namespace}/${object.name}`;
  const answer = useLatest(object === null ? null : `${name} ${version}`, () => getJson<ObjectAt>(at('object'), { t: now, ...object }));
  if (object === null) {
    return null;
  }
  const shown = answer.value !== null && answer.value.name === object.name && answer.value.namespace === object.namespace ? answer.value : null;
  const tabs = TABS.filter((each) => each !== 'activity' || hasActivity(object.resource));
  const chosen = (tabs as readonly string[]).includes(tab.value) ? tab.value : 'yaml';
  const tabKeys = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      tab.value = tabs[(tabs.indexOf(chosen as (typeof TABS)[number]) + step + tabs.length) % tabs.length]!;
      (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${tab.value}`)?.focus();
    }
  };
  return (
    <aside class="drawer" aria-label={`${object.resource} ${object.name}`} data-testid="drawer">
      <header>
        <div class="title">
          <h2 class="grow">
            <span class="muted">{kindName(object.resource)}/</span>
            <bdi>{object.name}</bdi>
            {object.namespace !== '' && <span class="muted"> in <bdi>{object.namespace}</bdi></span>}
          </h2>
          <button class="button icon plain" aria-label="Close" title="Close (Esc)" data-testid="close-drawer" onClick={() => select(null)}>
            <Icon name="close" />
          </button>
        </div>
        <div class="legend">
          {shown !== null && shown.exists && (
            <>
              <HealthMark health={shown.health} />
              <span>
                as of <TimeButton at={shown.since} />
                {shown.manager !== '' && <> by <bdi>{shown.manager}</bdi></>}
              </span>
              {shown.until !== null && (
                <span>
                  until <TimeButton at={shown.until} />
                </span>
              )}
            </>
          )}
          <span class="grow" />
          <button class="linklike" onClick={() => show('timeline')}>timeline</button>
          <button class="linklike" onClick={() => show('why')}>why</button>
        </div>
        <div class="tabs" role="tablist" aria-label="Views of the object" onKeyDown={tabKeys}>
          {tabs.map((each) => (
            <button key={each} id={`tab-${each}`} role="tab" aria-selected={each === chosen} aria-controls="tab-content" tabIndex={each === chosen ? 0 : -1} data-testid={`tab-${each}`} onClick={() => (tab.value = each)}>
              {each === 'yaml' ? 'YAML' : each[0]!.toUpperCase() + each.slice(1)}
            </button>
          ))}
        </div>
      </header>
      {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
      {shown !== null && shown.warning !== '' && shown.warning !== undefined && <div class="note gap">{shown.warning}</div>}
      <div class="content" id="tab-content" role="tabpanel" aria-labelledby={`tab-${chosen}`} tabIndex={0}>
        {shown === null ? (
          <Empty title={answer.problem === null ? 'Loading…' : answer.problem.isPassing ? 'Waiting for the server…' : 'Nothing to show'} />
        ) : chosen === 'history' ? (
          <HistoryTab object={object} name={name} />
        ) : chosen === 'events' ? (
          <EventsTab object={object} name={name} />
        ) : chosen === 'logs' ? (
          <LogLines object={object} />
        ) : chosen === 'activity' ? (
          <Activity object={object} />
        ) : !shown.exists ? (
          <Absent object={shown} now={now} />
        ) : chosen === 'describe' ? (
          <Describe object={shown} now={now} />
        ) : (
          <Yaml text={shown.yaml ?? ''} />
        )}
      </div>
    </aside>
  );
}

function Absent({ object, now }: { object: ObjectAt; now: number }): JSX.Element {
  const { before, after } = object;
  return (
    <Empty title={`Does not exist at ${clock(now)}`}>
      {before !== null && before !== undefined && (
        <button class="button" data-testid="jump-before" onClick={() => goTo(before)}>
          It existed until {clock(before)}: jump
        </button>
      )}
      {after !== null && after !== undefined && (
        <button class="button" data-testid="jump-after" onClick={() => goTo(after)}>
          It comes at {clock(after)}: jump
        </button>
      )}
    </Empty>
  );
}

/** What changed since the version shown before is marked, so that the eye finds it while the slider moves. */
function Yaml({ text }: { text: string }): JSX.Element {
  const before = useRef<{ text: string; lines: Set<string> }>({ text: '', lines: new Set() });
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const marked = useMemo(() => {
    const previous = before.current.lines;
    const lines = yamlLines(text);
    const fresh = new Set(previous.size === 0 ? [] : lines.filter((line) => !previous.has(line.path + line.value)).map((line) => line.number));
    before.current = { text, lines: new Set(lines.map((line) => line.path + line.value)) };
    return { lines: bigValues(lines), fresh };
  }, [text]);
  return (
    <div class="yaml" data-testid="yaml" translate={false}>
      {marked.lines.map((line) => (
        <div key={line.number} class={marked.fresh.has(line.number) ? 'changed' : undefined}>
          <Line line={line} isOpen={open.has(line.path)} toggle={() => setOpen(new Set([...open, line.path]))} />
        </div>
      ))}
    </div>
  );
}

function Line({ line, isOpen, toggle }: { line: YamlLine; isOpen: boolean; toggle: () => void }): JSX.Element {
  const value =
    line.size > 0 && !isOpen ? (
      <>
        {line.value.slice(0, 80)}… <button onClick={toggle}>show {Math.ceil(line.size / 1024)} KiB</button>
      </>
    ) : (
      line.value
    );
  return (
    <>
      {line.indent}
      {line.dash !== '' && <span class="p">{line.dash}</span>}
      {line.key !== '' && (
        <>
          <span class="k">{line.key}</span>
          <span class="p">:</span>
        </>
      )}
      {line.key !== '' && line.value !== '' ? ' ' : ''}
      <bdi class={/^(\d+(\.\d+)?|true|false|null)$/.test(line.value) ? 'n' : ''}>{value}</bdi>
    </>
  );
}

function Describe({ object, now }: { object: ObjectAt; now: number }): JSX.Element {
  return (
    <>
      <dl class="facts">
        <dt>Kind</dt>
        <dd>{object.kind} ({object.apiVersion})</dd>
        {object.namespace !== '' && <><dt>Namespace</dt><dd><bdi>{object.namespace}</bdi></dd></>}
        <dt>Created</dt>
        <dd><Time at={object.created} seconds={false} /> <span class="muted">({duration(now - object.created)} before)</span></dd>
        <dt>This version</dt>
        <dd>since <TimeButton at={object.since} />{object.until === null ? ', the latest' : <> until <TimeButton at={object.until} /></>}</dd>
        <dt>Changed by</dt>
        <dd><bdi>{object.manager === '' ? 'unknown' : object.manager}</bdi></dd>
        <dt>resourceVersion</dt>
        <dd class="mono">{object.resourceVersion}</dd>
        <dt>UID</dt>
        <dd class="mono">{object.uid}</dd>
        {object.owners.length > 0 && (
          <>
            <dt>Owned by</dt>
            <dd>{object.owners.map((owner) => <div key={owner.name}><ObjectButton object={{ resource: owner.resource, namespace: owner.namespace, name: owner.name }} /></div>)}</dd>
          </>
        )}
      </dl>
      {object.conditions.length > 0 && (
        <table class="grid" aria-label="Conditions">
          <thead><tr><th>Condition</th><th>Status</th><th>Since</th><th>Reason</th></tr></thead>
          <tbody>
            {object.conditions.map((condition) => (
              <tr key={condition.type}>
                <td>{condition.type}</td>
                <td><b>{condition.status}</b></td>
                <td class="when">{condition.at > 0 ? <TimeButton at={condition.at} /> : ''}</td>
                <td>{condition.reason}{condition.message !== '' && <div class="muted"><bdi>{condition.message}</bdi></div>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function EventsTab({ object, name }: { object: ObjectName; name: string }): JSX.Element {
  const second = Math.ceil(moment.value / 1000) * 1000;
  const asked = Math.min(second, limits.value.to);
  const answer = useLatest(`${name} ${asked}`, () => getJson<EventList>(at('events'), { t: asked, ...object }));
  if (answer.value === null) {
    return answer.problem === null ? <Empty title="Loading…" /> : <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  const events = answer.value.events.filter((event) => event.at <= moment.value);
  if (events.length === 0) {
    return <Empty title={`No Events until ${clock(moment.value)}`} />;
  }
  return (
    <table class="grid" data-testid="events">
      <thead><tr><th>Time</th><th>Reason</th><th>Message</th></tr></thead>
      <tbody>
        {events.map((event, i) => (
          <tr key={i}>
            <td class="when"><TimeButton at={event.at} /></td>
            <td class="what"><HealthMark health={event.type === 'Warning' ? 3 : 1} text={false} /> {event.reason}{event.count > 1 && <span class="muted"> ×{event.count}</span>}</td>
            <td><bdi>{event.message}</bdi> <span class="muted">{event.source}</span></td>
          </tr>
        ))}
      </tbody>
      {answer.value.omitted > 0 && <caption class="muted">{answer.value.omitted} earlier ones not shown</caption>}
    </table>
  );
}

function HistoryTab({ object, name }: { object: ObjectName; name: string }): JSX.Element {
  const end = limits.value.to;
  const answer = useLatest(`${name} ${Math.floor(end / 5000)}`, () => getJson<History>(at('history'), { ...object, from: limits.value.from, to: end }));
  if (answer.value === null) {
    return answer.problem === null ? <Empty title="Loading…" /> : <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  const now = moment.value;
  const versions = [...answer.value.versions].reverse();
  const current = versions.find((version) => version.at <= now);
  return (
    <table class="grid" data-testid="history">
      <thead><tr><th>Time</th><th>Health</th><th>What changed</th></tr></thead>
      <tbody>
        {versions.map((version) => (
          <tr key={version.at + version.resourceVersion} class={version === current ? 'now' : version.at > now ? 'future' : ''}>
            <td class="when"><TimeButton at={version.at} /></td>
            <td><HealthMark health={version.verb === 'deleted' ? 255 : version.health} /></td>
            <td>
              {version.verb !== 'modified' && <b>{version.verb} </b>}
              <Fields fields={version.fields} />
              <div class="muted"><bdi>{version.manager}</bdi></div>
            </td>
          </tr>
        ))}
      </tbody>
      {answer.value.omitted > 0 && <caption class="muted">{answer.value.omitted} earlier versions not shown</caption>}
    </table>
  );
}

const brief = (value: unknown): string => {
  const text = value === undefined ? '∅' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text;
};

export function Fields({ fields, most = 8 }: { fields: readonly FieldChange[] | undefined; most?: number }): JSX.Element | null {
  if (fields === undefined || fields.length === 0) {
    return null;
  }
  return (
    <ul>
      {fields.slice(0, most).map((field) => (
        <li key={field.path} class="mono wrap">
          <span class="muted">{field.path}:</span> <bdi>{brief(field.before)}</bdi> → <bdi>{brief(field.after)}</bdi>
        </li>
      ))}
      {fields.length > most && <li class="muted">and {fields.length - most} more fields</li>}
    </ul>
  );
}
