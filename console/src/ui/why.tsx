// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Incident, Why as WhyAnswer, WhyCause, WhyChange, WhyEvidence, WhyObject } from '../api/types.ts';
import { duration } from '../engine/time.ts';
import { Health } from '../engine/versions.ts';
import { reveal } from '../engine/view.ts';
import { objectText, type ObjectName } from '../engine/window.ts';
import { select } from '../state/actions.ts';
import { at, cluster, here, limits, moment, namespace, range, recording, selection } from '../state/store.ts';
import { Fields } from './drawer.tsx';
import { Empty, GapNote, HealthMark, NamespaceSelect, NotRecorded, ObjectButton, ProblemNote, TimeButton, useLatest } from './parts.tsx';
import { Lanes } from './timeline.tsx';

const TIERS: Readonly<Record<string, string>> = { A: 'proven', B: 'supported', C: 'correlated only' };

export function Why(): JSX.Element {
  const target = selection.value;
  const has = recording.value?.recorded['why']?.recorded ?? false;
  const now = moment.value;
  const asked = Math.floor(now / 1000) * 1000;
  const about = target ?? { namespace: namespace.value };
  const key = target === null ? `in ${namespace.value}` : objectText(target);
  const answer = useLatest(has ? `${cluster.value} ${asked} ${key}` : null, () => getJson<WhyAnswer>(at('why'), { t: asked, ...about }));
  const head = (
    <>
      <div class="toolbar">
        <h1>Why</h1>
        {target === null ? <NamespaceSelect /> : <ObjectButton object={target} />}
        <span class="grow" />
        {target !== null && <button class="button" onClick={() => select(null)}>All that was wrong</button>}
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
  if (answer.value === null) {
    return <>{head}{answer.problem === null ? <Empty title="Working it out…" /> : <ProblemNote problem={answer.problem} again={answer.again} />}</>;
  }
  const found = answer.value;
  if (found.incidents !== undefined) {
    return (
      <>
        {head}
        {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
        <Incidents found={found} incidents={found.incidents} now={now} />
      </>
    );
  }
  return (
    <>
      {head}
      {answer.problem !== null && <ProblemNote problem={answer.problem} again={answer.again} />}
      <div class="note"><b class="wrap">{found.summary ?? (found.outcome === 'cause' ? '' : `No proven cause; ${found.candidates?.length ?? 0} candidates`)}</b></div>
      <ChainLanes causes={found.causes ?? []} now={now} />
      <div class="below reasons">
        {(found.causes ?? []).map((cause, i) => <Cause key={i} cause={cause} title={i === 0 ? 'Cause' : 'Also possible'} />)}
        {(found.symptoms ?? []).map((symptom, i) => <Symptom key={i} symptom={symptom} />)}
        {(found.candidates ?? []).map((cause, i) => <Cause key={i} cause={cause} title="Candidate" />)}
        {(found.ruledOut?.length ?? 0) > 0 && (
          <section class="fields"><h2 class="caption">Ruled out</h2>{found.ruledOut!.map((each, i) => <p key={i} class="wrap">{each.change.object.kind} <bdi>{each.change.object.name}</bdi> <span class="mono">{each.change.path}</span>: {each.why}</p>)}</section>
        )}
        {(found.missing?.length ?? 0) > 0 && (
          <section class="fields"><h2 class="caption">Not recorded</h2>{found.missing!.map((each, i) => <p key={i} class="wrap">{each.what}: {each.reason}</p>)}</section>
        )}
        {(found.hidden?.length ?? 0) > 0 && <section class="fields"><h2 class="caption">Hidden from you</h2><p class="wrap">{found.hidden!.join(', ')}</p></section>}
      </div>
    </>
  );
}

const named = (object: WhyObject): ObjectName => ({ resource: object.resource, namespace: object.namespace ?? '', name: object.name });

/** What was wrong in the hour before, the worst first: each is a question to ask. */
function Incidents({ found, incidents, now }: { found: WhyAnswer; incidents: readonly Incident[]; now: number }): JSX.Element {
  if (incidents.length === 0) {
    return <Empty title="Nothing was wrong in 1 h"><p>Of any object, select it in Resources: why it is as it is, is worked out as of the moment of the slider.</p></Empty>;
  }
  return (
    <section class="panel scroll" aria-label="What was wrong" data-testid="incidents">
      <header>
        <h2 class="caption">What was wrong in 1 h</h2>
        <span class="muted">{(found.omitted ?? 0) > 0 ? `and ${found.omitted} more` : ''}{(found.hidden?.length ?? 0) > 0 ? ` · hidden from you: ${found.hidden!.join(', ')}` : ''}</span>
      </header>
      <ul class="rows">
        {incidents.map((each) => {
          const object = named(each.object);
          const from = Date.parse(each.from);
          return (
            <li key={`${objectText(object)} ${each.what} ${each.from}`} data-testid="incident">
              <button onClick={() => select(object)}>
                <HealthMark health={each.to === undefined ? Health.failed : Health.ok} text={false} />
                <span class="ellipsis" title={objectText(object)}>
                  <span class="muted">{each.object.kind} </span><bdi>{object.name}</bdi>
                  {object.namespace !== '' && <span class="muted"> · <bdi>{object.namespace}</bdi></span>}
                </span>
                <span class="grow ellipsis" title={each.text}><bdi>{each.text}</bdi></span>
                <span class="when number" title="for how long">{each.to === undefined ? duration(now - from) : `over after ${duration(Date.parse(each.to) - from)}`}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
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
    const steps = best.chain.map((step) => ({ row: window.find(named(step.object)), at: Date.parse(step.time) })).filter((step) => step.row >= 0);
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
  const { change } = cause;
  return (
    <section class="fields" data-testid="cause">
      <h2 class="caption">{title} · {TIERS[cause.tier] ?? cause.tier}</h2>
      <ChangeMade change={change} />
      {cause.with?.map((each, i) => <div key={i}>together with <ChangeMade change={each} /></div>)}
      <ol>
        {cause.chain.map((step, i) => (
          <li key={i} class="wrap">
            <TimeButton at={Date.parse(step.time)} /> <bdi>{step.text}</bdi>
            <EvidenceLines of={step.evidence} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ChangeMade({ change }: { change: WhyChange }): JSX.Element {
  return (
    <div>
      <ObjectButton object={named(change.object)} wanted="history" /> {change.operation} <TimeButton at={Date.parse(change.time)} />
      {change.actor !== undefined && <span class="muted"> by <bdi>{change.actor.via ?? change.actor.manager}</bdi></span>}
      <Fields fields={change.path === '' ? [] : [{ path: change.path, before: change.old, after: change.new }]} />
    </div>
  );
}

/** What is wrong, and what shows it: also what an agent saw of it on the node. */
function Symptom({ symptom }: { symptom: Incident }): JSX.Element {
  return (
    <section class="fields" data-testid="symptom">
      <h2 class="caption">What is wrong</h2>
      <div class="wrap"><ObjectButton object={named(symptom.object)} /> {symptom.what} <TimeButton at={Date.parse(symptom.from)} /> <bdi>{symptom.text}</bdi></div>
      <EvidenceLines of={symptom.evidence} />
    </section>
  );
}

function EvidenceLines({ of }: { of: readonly WhyEvidence[] | undefined }): JSX.Element {
  return <>{of?.map((each, i) => <div key={i} class="muted wrap">{each.type === 'kernel' ? 'the node saw' : each.type}: <bdi>{each.text}</bdi></div>)}</>;
}
