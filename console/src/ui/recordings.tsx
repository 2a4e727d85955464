// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { clock, day, duration } from '../engine/time.ts';
import { goTo, showResource } from '../state/actions.ts';
import { clusters, cluster, openRecording, recording } from '../state/store.ts';
import { Empty, HiddenNote, Time, TimeButton } from './parts.tsx';

const STATES: Readonly<Record<string, readonly [string, string]>> = {
  observed: ['h1', 'observed without loss'],
  best_effort: ['h2', 'best effort'],
  stopped: ['h5', 'recording stopped'],
  gap: ['h4', 'not being observed'],
};

export function Recordings(): JSX.Element {
  const current = recording.value!;
  return (
    <>
      <div class="toolbar">
        <h1>Recordings and coverage</h1>
        <span class="grow" />
        <HiddenNote hidden={current.hidden} />
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Recordings">
        <div class="columns">
          <section class="panel">
            <header><h2 class="caption">Recordings</h2></header>
            <ul class="rows" data-testid="recordings">
              {clusters.value.map((each) => (
                <li key={each.id}>
                  <button aria-current={each.id === cluster.value ? 'true' : undefined} onClick={() => void openRecording(each.id)}>
                    <span class="grow ellipsis"><bdi>{each.name}</bdi></span>
                    <span class="muted number"><Time at={each.start} seconds={false} /> – {clock(each.id === current.id ? current.end : each.end)}</span>
                    <span class="number">{duration((each.id === current.id ? current.end : each.end) - each.start)}</span>
                    {each.live && <b class="h1">live</b>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <section class="panel">
            <header><h2 class="caption">What is recorded</h2></header>
            <ul class="rows" data-testid="recorded">
              {Object.entries(current.recorded).map(([name, what]) => (
                <li key={name}>
                  <div class="row">
                    <span class="when">{name}</span>
                    {what.recorded ? <span class="h1">recorded</span> : <span class="muted wrap">not recorded{what.reason !== undefined && what.reason !== '' ? `: ${what.reason}` : ''}</span>}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </div>
        <br />
        <section class="panel">
          <header><h2 class="caption">Gaps</h2><span class="muted">{current.gaps.length}</span></header>
          {current.gaps.length === 0 ? (
            <Empty title="None: everything asked for was observed from start to end" />
          ) : (
            <table class="grid" data-testid="gaps">
              <thead><tr><th>From</th><th>To</th><th>Length</th><th>What</th><th>Reason</th></tr></thead>
              <tbody>
                {current.gaps.slice(0, 500).map((gap) => (
                  <tr key={`${gap.from}${gap.resources.join()}`}>
                    <td class="when">{day(gap.from)} <TimeButton at={gap.from} /></td>
                    <td class="when"><TimeButton at={gap.to} /></td>
                    <td class="number">{duration(gap.to - gap.from)}</td>
                    <td>{gap.all ? 'everything' : gap.resources.length > 4 ? `${gap.resources.slice(0, 4).join(', ')} and ${gap.resources.length - 4} more` : gap.resources.join(', ')}</td>
                    <td><bdi>{gap.reason}</bdi></td>
                  </tr>
                ))}
              </tbody>
              {current.gaps.length > 500 && <caption>{current.gaps.length - 500} more</caption>}
            </table>
          )}
        </section>
        <br />
        <section class="panel">
          <header><h2 class="caption">Coverage</h2><span class="muted">{current.coverage.length} resources</span></header>
          <table class="grid" data-testid="coverage">
            <thead><tr><th>Resource</th><th>State</th><th>Covered</th><th>Gaps</th><th>Confirmed until</th><th>Reason</th></tr></thead>
            <tbody>
              {current.coverage.map((each) => (
                <tr key={each.resource}>
                  <td><button class="linklike" onClick={() => showResource(each.resource)}>{each.resource}</button></td>
                  <td class={STATES[each.state]?.[0] ?? ''}>{STATES[each.state]?.[1] ?? each.state}</td>
                  <td class="number">{(Math.floor(each.covered * 1000) / 10).toFixed(1)} %</td>
                  <td class="number">{each.gaps}</td>
                  <td class="when">{each.confirmed > 0 ? <button class="linklike mono" onClick={() => goTo(each.confirmed)}>{clock(each.confirmed)}</button> : ''}</td>
                  <td><bdi>{each.reason}</bdi></td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </>
  );
}
