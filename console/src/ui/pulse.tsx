// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { duration, HOUR } from '../engine/time.ts';
import { Tally } from '../engine/tally.ts';
import { Health } from '../engine/versions.ts';
import type { RecordedWindow } from '../engine/window.ts';
import { select, showResource } from '../state/actions.ts';
import { here, namespace, rested } from '../state/store.ts';
import { Empty, GapNote, HEALTH_TEXT, HealthMark, HiddenNote, NamespaceSelect, ObjectButton, TimeButton } from './parts.tsx';
import { useResources } from './resources.tsx';

const TILES = [
  'nodes', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch', 'pods', 'services', 'ingresses.networking.k8s.io',
  'persistentvolumeclaims', 'configmaps',
];
/** From worst to best, as tiles show shares. */
const ORDER: readonly number[] = [Health.failed, Health.warning, Health.progressing, Health.terminating, Health.ok, Health.done, Health.unknown];
const MOST_FINDINGS = 40;
const MOST_CHANGES = 40;
/** While the slider moves, the lists end about where the screen does: what lies below comes when it rests. */
const MOST_MOVING = 16;

interface Tile {
  readonly resource: string;
  readonly kind: string;
  readonly total: number;
  readonly counts: number[];
}

/** What the tiles show, the kinds that matter most first. */
function tiles(window: RecordedWindow, tally: Tally): Tile[] {
  const all = window.kinds.map((kind, number) => ({
    resource: kind.resource,
    kind: kind.kind,
    counts: Array.from({ length: 7 }, (_, health) => tally.count(number, health)),
    total: tally.total(number),
  }));
  const bad = (tile: Tile): number => tile.counts[Health.failed]! + tile.counts[Health.warning]!;
  const shown = all.filter((tile) => tile.total > 0 && (TILES.includes(tile.resource) || bad(tile) > 0));
  const place = (tile: Tile): number => (TILES.includes(tile.resource) ? TILES.indexOf(tile.resource) : TILES.length);
  return shown.sort((a, b) => place(a) - place(b));
}

export function Pulse(): JSX.Element {
  const { window, moment: now } = here.value;
  const list = useResources();
  const wanted = window === null || namespace.value === '' ? -1 : window.namespaces.indexOf(namespace.value);
  const tally = useMemo(() => (window === null ? null : new Tally(window, wanted)), [window, wanted]);
  if (window === null || tally === null) {
    return <Empty title="Loading what was recorded…" />;
  }
  tally.update();
  const moves = now !== rested.value;
  return (
    <>
      <div class="toolbar">
        <h1>Pulse</h1>
        <NamespaceSelect />
        <Summary findings={tally.findings} window={window} now={now} wanted={wanted} />
        <span class="grow" />
        <HiddenNote hidden={list?.hidden ?? window.hidden} />
      </div>
      <GapNote />
      <div class="scroll">
        <div class="tiles" data-testid="tiles">
          {tiles(window, tally).map((tile) => (
            <TileView key={tile.resource} tile={tile} />
          ))}
        </div>
        <div class="columns">
          <Findings window={window} rows={tally.worst(moves ? MOST_MOVING : MOST_FINDINGS)} total={tally.findings} now={now} />
          <Recent window={window} now={now} wanted={wanted} most={moves ? MOST_MOVING : MOST_CHANGES} />
        </div>
      </div>
    </>
  );
}

function Summary({ findings, window, now, wanted }: { findings: number; window: RecordedWindow; now: number; wanted: number }): JSX.Element {
  const changes = useMemo(() => changesBefore(window, now, HOUR, wanted, 1).length, [window, Math.floor(now / 1000), wanted]);
  if (findings > 0) {
    return (
      <span class="h4" data-testid="summary">
        <b>{findings}</b> {findings === 1 ? 'finding' : 'findings'}
      </span>
    );
  }
  return (
    <span data-testid="summary">
      <HealthMark health={Health.ok} text={false} /> Healthy{changes === 0 ? '; nothing changed in 1 h' : ''}
    </span>
  );
}

function TileView({ tile }: { tile: Tile }): JSX.Element {
  const bad = tile.counts[Health.failed]!;
  const words = ORDER.filter((health) => health !== Health.ok && health !== Health.unknown && tile.counts[health]! > 0).slice(0, 3);
  return (
    <button class={`tile ${bad > 0 ? 'bad' : ''}`} data-testid={`tile-${tile.resource}`} onClick={() => showResource(tile.resource)}>
      <span class="top">
        <span class="ellipsis" title={tile.resource}>{tile.kind}</span>
        <span class="count">{tile.total.toLocaleString('en')}</span>
      </span>
      <span class="share" aria-hidden="true">
        {ORDER.filter((health) => tile.counts[health]! > 0).map((health) => (
          <i key={health} class={`h${health}`} style={{ flexGrow: String(tile.counts[health]) }} />
        ))}
      </span>
      <span class="words">
        {words.length === 0 ? (
          <span>{tile.counts[Health.ok]! > 0 ? 'all ok' : ' '}</span>
        ) : (
          words.map((health) => (
            <span key={health} class={`h${health}`}>
              {tile.counts[health]} {HEALTH_TEXT[health]}
            </span>
          ))
        )}
      </span>
    </button>
  );
}

function Findings({ window, rows, total, now }: { window: RecordedWindow; rows: readonly number[]; total: number; now: number }): JSX.Element {
  return (
    <section class="panel" aria-label="Findings" data-testid="findings">
      <header>
        <h2 class="caption">Findings</h2>
        <span class="muted number">{total > rows.length ? `${rows.length} of ${total.toLocaleString('en')}, the worst and latest` : ''}</span>
      </header>
      {rows.length === 0 ? (
        <Empty title="Nothing is failing" />
      ) : (
        <ul class="rows">
          {rows.map((row, place) => {
            const object = window.object(row);
            const from = window.index.since(row);
            return (
              <li key={place} data-testid="finding">
                <button onClick={() => select(object)}>
                  <HealthMark health={window.index.healthOf(row)} text={false} />
                  <span class="grow ellipsis" title={`${object.resource} ${object.namespace}/${object.name}`}>
                    <span class="muted">{window.kind(row).kind} </span>
                    <bdi>{object.name}</bdi>
                    {object.namespace !== '' && <span class="muted"> · <bdi>{object.namespace}</bdi></span>}
                  </span>
                  <span class={`h${window.index.healthOf(row)}`}>{HEALTH_TEXT[window.index.healthOf(row)]}</span>
                  <span class="when number" title="for how long">{from <= window.from ? '>' : ''}{duration(now - from)}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

/** The latest versions in a stretch before a moment, the latest first. What only the control plane keeps busy with is left to Resources. */
function changesBefore(window: RecordedWindow, now: number, span: number, wanted: number, most: number): number[] {
  const versions = window.index.between(now - span, now);
  const found: number[] = [];
  let lastRow = -1;
  let lastVersion = -1;
  const { health } = window.index.columns;
  for (let i = versions.length - 1; i >= 0 && found.length < most; i--) {
    const version = versions[i]!;
    const row = window.index.objectOf(version);
    if (window.verb[version] === 0 || (wanted >= 0 && window.namespaceOf[row] !== wanted)) {
      continue;
    }
    const isSame = row === lastRow && window.verb[version] === window.verb[lastVersion] && health[version] === health[lastVersion];
    lastRow = row;
    lastVersion = version;
    if (isSame) {
      continue;
    }
    found.push(version);
  }
  return found;
}

const VERBS = ['', 'added', 'changed', 'removed'];
const SIGNS = ['', '+', '~', '−'];

function Recent({ window, now, wanted, most }: { window: RecordedWindow; now: number; wanted: number; most: number }): JSX.Element {
  const versions = changesBefore(window, now, HOUR, wanted, most);
  return (
    <section class="panel" aria-label="Changes before this moment" data-testid="recent">
      <header>
        <h2 class="caption">Changes before this moment</h2>
        <span class="muted">{versions.length === most ? `the latest ${most}` : 'in 1 h'}</span>
      </header>
      {versions.length === 0 ? (
        <Empty title="Nothing changed in 1 h" />
      ) : (
        <ul class="rows">
          {versions.map((version, place) => {
            const row = window.index.objectOf(version);
            const object = window.object(row);
            const verb = window.verb[version]!;
            return (
              <li key={place}>
                <div class="row">
                  <span class="when"><TimeButton at={window.index.columns.at[version]!} /></span>
                  <span class={`sign ${VERBS[verb]}`} aria-label={VERBS[verb]}>{SIGNS[verb]}</span>
                  <HealthMark health={window.index.columns.health[version]!} text={false} />
                  <span class="grow ellipsis"><ObjectButton object={object} /></span>
                  <span class="muted ellipsis" title="who"><bdi>{window.managers[window.manager[version]!]}</bdi></span>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
