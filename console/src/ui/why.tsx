// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Why as WhyAnswer, WhyCause, WhyObject } from '../api/types.ts';
import { reveal } from '../engine/view.ts';
import { objectText, type ObjectName, type RecordedWindow } from '../engine/window.ts';
import { at, cluster, here, limits, moment, range, recording, selection } from '../state/store.ts';
import { Fields } from './drawer.tsx';
import { Empty, GapNote, NotRecorded, ObjectButton, ProblemNote, TimeButton, useLatest } from './parts.tsx';
import { Lanes } from './timeline.tsx';

const TIERS: Readonly<Record<string, string>> = { A: 'proven', B: 'supported', C: 'correlated only' };

export function Why(): JSX.Element {
  const target = selection.value;
  const has = recording.value?.recorded['why']?.recorded ?? false;
  const now = moment.value;
  const asked = Math.floor(now / 1000) * 1000;
  const answer = useLatest(has && target !== null ? `${cluster.value} ${asked} ${objectText(target)}` : null, () => getJson<WhyAnswer>(at('why'), { t: asked, ...target! }));
  const head = (
    <>
      <div class="toolbar">
        <h1>Why</h1>
        {target !== null && <ObjectButton object={target} />}
        <span class="grow" />
      </div>
      <GapNote />
    </>
  );
  if (!has || answer.value?.recorded === false) {
    return (
      <>
        {head}
        {recording.value?.recorded['why']?.reason === undefined ? (
          <Empty title="No analysis" stripes><p>This server does not work out causes.</p></Empty>
        ) : (
          <NotRecorded what="why" screen="No analysis: causes are" />
        )}
      </>
    );
  }
  if (target === null) {
    return <>{head}<Empty title="Of what?"><p>Select what went wrong, in Pulse or Resources; its cause is worked out as of the moment of the slider.</p></Empty></>;
  }
  if (answer.value === null) {
    return <>{head}{answer.problem === null ? <Empty title="Working it out…" /> : <ProblemNote problem={answer.problem} again={answer.again} />}</>;
  }
  const found = answer.value;
  return (
    <>
      {head}
      {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
      <div class="note"><b class="wrap">{found.summary ?? (found.outcome === 'cause' ? '' : `No proven cause; ${found.candidates?.length ?? 0} candidates`)}</b></div>
      <ChainLanes causes={found.causes ?? []} now={now} />
      <div class="below">
        {(found.causes ?? []).map((cause, i) => <Cause key={i} cause={cause} title={i === 0 ? 'Cause' : 'Also possible'} />)}
        {(found.candidates ?? []).map((cause, i) => <Cause key={i} cause={cause} title="Candidate" />)}
        {(found.ruledOut?.length ?? 0) > 0 && (
          <section class="fields"><h2 class="caption">Ruled out</h2>{found.ruledOut!.map((each, i) => <p key={i} class="wrap">{each.change.object.kind} <bdi>{each.change.object.name}</bdi> <span class="mono">{each.change.path}</span>: {each.why}</p>)}</section>
        )}
        {(found.missing?.length ?? 0) > 0 && (
          <section class="fields"><h2 class="caption">Not recorded</h2>{found.missing!.map((each, i) => <p key={i} class="wrap">{each.what}: {each.reason}</p>)}</section>
        )}
      </div>
    </>
  );
}

function named(window: RecordedWindow | null, object: WhyObject): ObjectName {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : '';
  const kind = window?.kinds.find((each) => each.kind === object.kind && each.group === group);
  return { resource: kind?.resource ?? object.kind.toLowerCase(), namespace: object.namespace ?? '', name: object.name };
}

/** Cause to effect, as arrows on the lanes of the objects of the best cause. */
function ChainLanes({ causes, now }: { causes: readonly WhyCause[]; now: number }): JSX.Element | null {
  const { window } = here.value;
  const best = causes[0];
  const shown = range.value;
  const picture = useMemo(() => {
    if (window === null || best === undefined) {
      return null;
    }
    const steps = best.chain.map((step) => ({ row: window.find(named(window, step.object)), at: Date.parse(step.time) })).filter((step) => step.row >= 0);
    const rows = [...new Set(steps.map((step) => step.row))];
    const lanes = rows.map((row) => ({ row, events: steps.filter((step) => step.row === row).map((step) => ({ at: step.at, warning: true })), gaps: [] }));
    const place = (step: { row: number; at: number }): { lane: number; at: number } => ({ lane: rows.indexOf(step.row), at: step.at });
    const arrows = steps.slice(1).map((step, i) => ({ from: place(steps[i]!), to: place(step) }));
    return { lanes, arrows };
  }, [window, best]);
  if (window === null || picture === null || picture.lanes.length === 0) {
    return null;
  }
  return <Lanes window={window} lanes={picture.lanes} arrows={picture.arrows} now={now} shown={reveal(shown, now, limits.value)} />;
}

function Cause({ cause, title }: { cause: WhyCause; title: string }): JSX.Element {
  const { window } = here.value;
  const { change } = cause;
  return (
    <section class="fields" data-testid="cause">
      <h2 class="caption">{title} · {TIERS[cause.tier] ?? cause.tier}</h2>
      <div>
        <ObjectButton object={named(window, change.object)} wanted="history" /> {change.operation} <TimeButton at={Date.parse(change.time)} />
        {change.actor !== undefined && <span class="muted"> by <bdi>{change.actor.via ?? change.actor.manager}</bdi></span>}
        <Fields fields={change.path === '' ? [] : [{ path: change.path, before: change.old, after: change.new }]} />
      </div>
      <ol>
        {cause.chain.map((step, i) => (
          <li key={i} class="wrap">
            <TimeButton at={Date.parse(step.time)} /> <bdi>{step.text}</bdi>
            {step.evidence?.map((each, number) => <div key={number} class="muted wrap">{each.type}: <bdi>{each.text}</bdi></div>)}
          </li>
        ))}
      </ol>
    </section>
  );
}
