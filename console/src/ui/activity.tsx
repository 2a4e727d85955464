// SPDX-License-Identifier: Apache-2.0
// What the kernel saw of an object: processes of a pod or a node, connections of a pod or a service.
import type { JSX } from 'preact';
import { getJson } from '../api/client.ts';
import type { Flow, Flows, Processes } from '../api/types.ts';
import { clock } from '../engine/time.ts';
import type { ObjectName } from '../engine/window.ts';
import { at, cluster, limits, moment, recording } from '../state/store.ts';
import { Empty, HealthMark, NotRecorded, ProblemNote, TimeButton, useLatest } from './parts.tsx';

const HOUR = 3_600_000;
const MOST = 500;

export const hasActivity = (resource: string): boolean => resource === 'pods' || resource === 'services' || resource === 'nodes';

export function Activity({ object }: { object: ObjectName }): JSX.Element {
  const recorded = recording.value?.recorded;
  if (!(recorded?.['processes']?.recorded ?? false)) {
    return <NotRecorded what="processes" screen="Processes and connections" />;
  }
  return (
    <>
      {object.resource !== 'services' && <ProcessTable object={object} />}
      {object.resource !== 'nodes' && (recorded?.['flows']?.recorded ? <FlowTable object={object} /> : <p class="muted wrap">No connections were recorded.</p>)}
    </>
  );
}

/** An hour up to the moment, asked for anew every ten seconds of it. */
function useActivity<T>(endpoint: string, object: ObjectName, target: string): ReturnType<typeof useLatest<T>> {
  const until = Math.min(Math.ceil(moment.value / 10_000) * 10_000, limits.value.to);
  const parameters = { from: Math.max(until - HOUR, limits.value.from), to: until, namespace: object.namespace, target, latest: 'true', limit: MOST };
  return useLatest(`${endpoint} ${cluster.value} ${JSON.stringify(parameters)}`, () => getJson<T>(at(endpoint), parameters));
}

function ProcessTable({ object }: { object: ObjectName }): JSX.Element {
  const answer = useActivity<Processes>('processes', object, object.resource === 'nodes' ? `node/${object.name}` : `pod/${object.name}`);
  if (answer.value === null) {
    return answer.problem === null ? <Empty title="Loading…" /> : <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  const events = (answer.value.events ?? []).filter((event) => event.at <= moment.value).reverse();
  if (events.length === 0) {
    return <Empty title={`No processes began or ended in the hour until ${clock(moment.value)}`} />;
  }
  return (
    <table class="grid" data-testid="processes">
      <thead><tr><th>Time</th><th>Process</th><th>What</th></tr></thead>
      <tbody>
        {events.map((event, i) => (
          <tr key={i}>
            <td class="when"><TimeButton at={event.at} /></td>
            <td class="what"><HealthMark health={event.trouble ? 3 : 1} text={false} /> {event.kind}</td>
            <td><bdi>{event.what}</bdi> <span class="muted">{event.container}</span></td>
          </tr>
        ))}
      </tbody>
      {(answer.value.omitted ?? 0) > 0 && <caption class="muted">{answer.value.omitted} earlier ones not shown</caption>}
    </table>
  );
}

/** Its own end of a connection is its port: its name stands above already. */
function end(text: string, object: ObjectName): string {
  const own = `${object.resource}/${object.namespace}/${object.name}`;
  return text.startsWith(`${own}:`) ? text.slice(own.length).replace(/ \(.*\)$/, '') : text;
}

/** What both ends told of is one connection: that of whom is asked about. */
function once(flows: readonly Flow[]): Flow[] {
  const accepted = new Set(flows.filter((flow) => flow.kind === 'accepted').map((flow) => `${flow.remote} ${flow.local}`));
  return flows.filter((flow) => flow.kind !== 'connected' || !accepted.has(`${flow.local} ${flow.remote}`));
}

const GOOD = ['connected', 'accepted', 'unknown'];

function FlowTable({ object }: { object: ObjectName }): JSX.Element {
  const answer = useActivity<Flows>('flows', object, object.resource === 'pods' ? `pod/${object.name}` : object.name);
  if (answer.value === null) {
    return answer.problem === null ? <Empty title="Loading…" /> : <ProblemNote problem={answer.problem} again={answer.again} />;
  }
  const flows = once((answer.value.flows ?? []).filter((flow) => flow.at <= moment.value)).reverse();
  if (flows.length === 0) {
    return <Empty title={`No connections ended in the hour until ${clock(moment.value)}`} />;
  }
  const failed = flows.filter((flow) => flow.kind === 'failed').length;
  return (
    <table class="grid" data-testid="connections">
      <thead><tr><th>Time</th><th>Connection</th><th>{`${(flows.length + (answer.value.omitted ?? 0)).toLocaleString('en')} in the hour${failed > 0 ? `, ${failed} failed` : ''}`}</th></tr></thead>
      <tbody>
        {flows.map((flow, i) => (
          <tr key={i}>
            <td class="when"><TimeButton at={flow.at} /></td>
            <td class="what"><HealthMark health={GOOD.includes(flow.kind) ? 1 : 3} text={false} /> {flow.kind}</td>
            <td><bdi>{end(flow.local, object)}</bdi> {flow.kind === 'accepted' ? '←' : '→'} <bdi>{end(flow.remote, object)}</bdi> <span class="muted">{flow.sentBytes} B sent, {flow.receivedBytes} B received</span></td>
          </tr>
        ))}
      </tbody>
      {(answer.value.omitted ?? 0) > 0 && <caption class="muted">{answer.value.omitted} earlier ones not shown</caption>}
    </table>
  );
}
