// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client.ts';
import type { Topology as TopologyAnswer } from '../api/types.ts';
import { collapse, union, type Graph, type GraphEdge, type GraphNode } from '../engine/graph.ts';
import { candidates } from '../engine/rows.ts';
import { Health } from '../engine/versions.ts';
import { objectText, parseObject, type RecordedWindow } from '../engine/window.ts';
import { select } from '../state/actions.ts';
import { at, cluster, filter, here, moment, namespace, range, recording, selection } from '../state/store.ts';
import type { LayoutAnswer, LayoutQuestion } from '../worker/layout.ts';
import { Empty, FilterField, GapNote, HEALTH_TEXT, NamespaceSelect, ProblemNote, useLatest } from './parts.tsx';

const WIDTH = 164;
const HEIGHT = 34;
const MOST = 500;
/** Moments of the range whose objects get a place; the one shown is another. */
const SAMPLES = 4;

interface Placed {
  readonly graph: Graph;
  readonly layout: LayoutAnswer;
}

/** Lays out in a worker; of questions that overtake each other only the last is answered. */
function useLayout(graph: Graph | null): Placed | null {
  const worker = useRef<Worker | null>(null);
  const asked = useRef<{ id: number; graph: Graph | null }>({ id: 0, graph: null });
  const [placed, setPlaced] = useState<Placed | null>(null);
  useEffect(() => {
    worker.current = new Worker(new URL('../worker/layout.ts', import.meta.url), { type: 'module' });
    worker.current.onmessage = (event: MessageEvent<LayoutAnswer>) => {
      if (event.data.id === asked.current.id && asked.current.graph !== null) {
        setPlaced({ graph: asked.current.graph, layout: event.data });
      }
    };
    return () => worker.current?.terminate();
  }, []);
  useEffect(() => {
    if (graph !== null) {
      asked.current = { id: asked.current.id + 1, graph };
      const question: LayoutQuestion = { id: asked.current.id, width: WIDTH, height: HEIGHT, nodes: graph.nodes.map((node) => node.key), edges: graph.edges.filter((edge) => edge.type !== 'flow') };
      worker.current?.postMessage(question);
    }
  }, [graph]);
  return placed;
}

export function Topology(): JSX.Element {
  const { window } = here.value;
  // One layout per range: what is there at any of some moments has its place, whatever moment is shown.
  const [stretch, setStretch] = useState({ range: range.value, moment: moment.value, again: 0 });
  const answers = useLatest(`${cluster.value} ${namespace.value} ${stretch.range.from} ${stretch.range.to} ${stretch.again}`, () => {
    const { from, to } = stretch.range;
    const moments = [...Array.from({ length: SAMPLES }, (_, i) => from + ((to - from) * (i + 1)) / SAMPLES), stretch.moment];
    return Promise.all(moments.map((t) => getJson<TopologyAnswer>(at('topology'), { t, namespace: namespace.value })));
  });
  const [nodes, setNodes] = useState(false);
  const graph = useMemo(() => {
    if (answers.value === null) {
      return null;
    }
    const whole = union(answers.value);
    const left = nodes ? whole : { ...whole, nodes: whole.nodes.filter((node) => node.resource !== 'nodes'), edges: whole.edges.filter((edge) => edge.type !== 'runsOn') };
    return collapse(left, MOST);
  }, [answers.value, nodes]);
  const placed = useLayout(graph);
  const total = answers.value?.reduce((most, answer) => Math.max(most, answer.total - answer.nodes.length), 0) ?? 0;
  const flows = recording.value?.recorded['flows']?.recorded ?? false;
  // Names are looked at once; which of these pods are there is a step's work.
  const placeless = useMemo(() => {
    if (placed === null || window === null) {
      return new Uint32Array();
    }
    const known = new Set(placed.graph.nodes.flatMap((node) => node.members));
    const pods = candidates(window, { resource: 'pods', namespace: namespace.value, filter: '' });
    return pods.filter((row) => !known.has(objectText(window.object(row))));
  }, [placed, window, namespace.value]);
  let unplaced = 0;
  for (const row of placeless) {
    unplaced += window?.index.exists(row) ? 1 : 0;
  }
  return (
    <>
      <div class="toolbar">
        <h1>Topology</h1>
        <NamespaceSelect />
        <FilterField placeholder="Highlight   /" />
        <button class="button" aria-pressed={nodes} onClick={() => setNodes(!nodes)}>Nodes</button>
        <button class="button" title="Lay out what is in the range now" data-testid="layout" onClick={() => setStretch({ range: range.value, moment: moment.value, again: stretch.again + 1 })}>Lay out again</button>
        <span class="muted number" data-testid="graph-count">
          {placed === null ? '' : `${placed.graph.nodes.length} nodes${placed.graph.collapsed > 0 ? `, ${placed.graph.collapsed.toLocaleString('en')} objects collapsed into them` : ''}${total > 0 ? `; ${total.toLocaleString('en')} not sent` : ''}${unplaced > 0 ? `; ${unplaced} pods came and went between: not placed` : ''}`}
        </span>
        <span class="grow" />
        <span class="legend">
          <span><i />owns</span>
          <span><i class="selects" />selects</span>
          <span><i class="routes" />routes</span>
          <span><i class="mounts" />mounts</span>
          <span data-testid="flows">{flows ? <><i class="flow" />talked to, in 10 min</> : 'Flows not recorded'}</span>
        </span>
      </div>
      <GapNote />
      {answers.problem !== null && <ProblemNote problem={answers.problem} again={answers.again} />}
      {placed === null || window === null ? (
        <Empty title={answers.problem === null ? 'Laying out…' : 'Nothing to show'} />
      ) : placed.graph.nodes.length === 0 ? (
        <Empty title="Nothing here in this range" />
      ) : (
        <GraphView placed={placed} window={window} />
      )}
    </>
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function GraphView({ placed, window }: { placed: Placed; window: RecordedWindow }): JSX.Element {
  // Its properties stay the same while the moment moves, so it must watch the moment itself.
  void here.value;
  const { graph, layout } = placed;
  const element = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box | null>(null);
  const drag = useRef<{ x: number; y: number; box: Box } | null>(null);
  const rows = useMemo(() => new Map(graph.nodes.map((node) => [node.key, node.members.map((key) => window.find(parseObject(key)!)).filter((row) => row >= 0)])), [graph, window.names]);
  useEffect(() => setBox(null), [layout]);
  const view = box ?? fitted(layout, element.current);
  useEffect(() => {
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const area = element.current!.getBoundingClientRect();
      setBox((old) => zoomed(old ?? fitted(layout, element.current), Math.exp(event.deltaY / 500), (event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height));
    };
    element.current!.addEventListener('wheel', wheel, { passive: false });
    return () => element.current?.removeEventListener('wheel', wheel);
  }, [layout]);
  const move = (event: PointerEvent): void => {
    if (drag.current !== null && (event.buttons & 1) === 1) {
      const area = element.current!.getBoundingClientRect();
      const scale = Math.max(drag.current.box.width / area.width, drag.current.box.height / area.height);
      setBox({ ...drag.current.box, x: drag.current.box.x - (event.clientX - drag.current.x) * scale, y: drag.current.box.y - (event.clientY - drag.current.y) * scale });
    }
  };
  const health = new Map(graph.nodes.map((node) => [node.key, worst(window, rows.get(node.key)!)]));
  const isThere = (key: string): boolean => health.get(key)!.count > 0;
  const words = filter.value.toLowerCase();
  const chosen = selection.value === null ? '' : objectText(selection.value);
  return (
    <div class="graph" ref={element} data-testid="graph" onPointerDown={(event) => (drag.current = { x: event.clientX, y: event.clientY, box: view })} onPointerMove={move}>
      <svg viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`} role="group" aria-label="Topology">
        <marker id="arrow" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="4.5" markerHeight="4.5" orient="auto">
          <path d="M0 0L6 3L0 6z" />
        </marker>
        {graph.edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to} ${edge.type}`}
            class={`edge ${edge.type} ${(edge.failed ?? 0) > 0 ? 'failed' : ''}`}
            data-testid={`edge-${edge.type}`}
            opacity={isThere(edge.from) && isThere(edge.to) ? 1 : 0.12}
            d={curve(layout.places[edge.from]!, layout.places[edge.to]!)}
            marker-end={edge.type === 'flow' ? 'url(#arrow)' : undefined}
          >
            {edge.type === 'flow' && <title>{connections(edge)}</title>}
          </path>
        ))}
        {graph.nodes.map((node) => (
          <NodeView key={node.key} node={node} place={layout.places[node.key]!} state={health.get(node.key)!} dim={words !== '' && !`${node.namespace}/${node.name} ${node.kind}`.toLowerCase().includes(words)} selected={node.key === chosen} />
        ))}
      </svg>
    </div>
  );
}

function NodeView({ node, place, state, dim, selected }: { node: GraphNode; place: readonly [number, number]; state: { count: number; health: number }; dim: boolean; selected: boolean }): JSX.Element {
  const isGroup = node.members.length > 1;
  const name = isGroup ? `${state.count} × ${node.kind}` : node.name;
  const shown = name.length > 22 ? `${name.slice(0, 10)}…${name.slice(-11)}` : name;
  const kind = `${node.kind}${state.count > 0 && state.health !== Health.ok && state.health !== Health.unknown ? ` · ${HEALTH_TEXT[state.health]}` : ''}`;
  const label = `${kind} ${shown}, ${node.namespace}/${node.name}${isGroup ? ` and others, ${state.count} of ${node.members.length} there` : ''}, ${HEALTH_TEXT[state.health]}`;
  const open = (): void => select(node);
  return (
    <g
      class={`node h${state.health} ${state.count === 0 ? 'gone' : ''} ${selected ? 'selected' : ''}`}
      transform={`translate(${place[0] - WIDTH / 2} ${place[1] - HEIGHT / 2})`}
      opacity={dim ? 0.2 : undefined}
      role="button"
      tabIndex={0}
      aria-label={label}
      data-testid="node"
      data-object={node.key}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          open();
        }
      }}
    >
      <rect width={WIDTH} height={HEIGHT} />
      <rect class="stripe" x="5" y="7" width="3" height={HEIGHT - 14} />
      <text class="kind" x="15" y="13">
        {`${kind} `}
      </text>
      <text x="15" y="26">{shown}</text>
    </g>
  );
}

const connections = (edge: GraphEdge): string =>
  `${(edge.count ?? 0).toLocaleString('en')} connections${(edge.failed ?? 0) > 0 ? `, ${edge.failed!.toLocaleString('en')} failed` : ''}`;

const RANK: Readonly<Record<number, number>> = { [Health.failed]: 6, [Health.warning]: 5, [Health.progressing]: 4, [Health.terminating]: 3, [Health.ok]: 2, [Health.done]: 1, [Health.unknown]: 0 };

function worst(window: RecordedWindow, rows: readonly number[]): { count: number; health: number } {
  let health: number = Health.gone;
  let count = 0;
  for (const row of rows) {
    if (window.index.exists(row)) {
      const own = window.index.healthOf(row);
      health = count === 0 || RANK[own]! > RANK[health]! ? own : health;
      count++;
    }
  }
  return { count, health };
}

/** From the side of one that faces the other; around the right of what stands between two of one column. */
function curve(from: readonly [number, number], to: readonly [number, number]): string {
  if (Math.abs(from[0] - to[0]) < WIDTH) {
    const right = Math.max(from[0], to[0]) + WIDTH / 2;
    const out = right + 24 + Math.min(Math.abs(to[1] - from[1]) / 5, 60);
    return `M${from[0] + WIDTH / 2} ${from[1]}C${out} ${from[1]} ${out} ${to[1]} ${to[0] + WIDTH / 2} ${to[1]}`;
  }
  const [x1, x2] = from[0] <= to[0] ? [from[0] + WIDTH / 2, to[0] - WIDTH / 2] : [from[0] - WIDTH / 2, to[0] + WIDTH / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${from[1]}C${x1 + bend} ${from[1]} ${x2 - bend} ${to[1]} ${x2} ${to[1]}`;
}

/** All of it, but not larger than life. */
function fitted(layout: LayoutAnswer, element: HTMLElement | null): Box {
  const width = element?.clientWidth ?? 1200;
  const height = element?.clientHeight ?? 700;
  const scale = Math.max(layout.width / width, layout.height / height, 0.8);
  return { x: (layout.width - width * scale) / 2, y: (layout.height - height * scale) / 2, width: width * scale, height: height * scale };
}

function zoomed(box: Box, factor: number, x: number, y: number): Box {
  return { x: box.x + box.width * x * (1 - factor), y: box.y + box.height * y * (1 - factor), width: box.width * factor, height: box.height * factor };
}
