// SPDX-License-Identifier: Apache-2.0
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { readColours } from '../draw/colours.ts';
import { drawTimebar } from '../draw/timebar.ts';
import { DensityPyramid, SEVERITIES } from '../engine/density.ts';
import { clock, clockMillis, day, duration, iso, MINUTE, SECOND } from '../engine/time.ts';
import { clamp, pan, toMoment, toPixel, zoom } from '../engine/view.ts';
import type { Density } from '../api/types.ts';
import { goTo, pin, setRange, togglePlay } from '../state/actions.ts';
import { colours } from '../state/settings.ts';
import { committed, density, following, limits, marked, mergedGaps, moment, pinned, preview, range } from '../state/store.ts';

export function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver((entries) => setWidth(Math.floor(entries[0]!.contentRect.width)));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

function pyramid(answer: Density | null): DensityPyramid | null {
  if (answer === null) {
    return null;
  }
  const cells = new Uint32Array(answer.buckets * SEVERITIES);
  for (let bucket = 0; bucket < answer.buckets; bucket++) {
    const failed = answer.failed[bucket] ?? 0;
    cells[bucket * SEVERITIES] = answer.normal[bucket] ?? 0;
    cells[bucket * SEVERITIES + 1] = Math.max((answer.changes[bucket] ?? 0) - failed, 0);
    cells[bucket * SEVERITIES + 2] = answer.warning[bucket] ?? 0;
    cells[bucket * SEVERITIES + 3] = failed;
  }
  return new DensityPyramid(answer.from, answer.width, cells);
}

/** What a thumb says: the time, how far from the other one, and whether anything was recorded. */
function thumbText(at: number): string {
  const gap = mergedGaps.value.find((each) => each.from <= at && at < each.to);
  const b = pinned.value;
  const other = b === null || at === b ? '' : `, ${duration(b - at)} ${at < b ? 'before' : 'after'} thumb B`;
  return `${day(at)} ${clock(at)} UTC${other}${gap === undefined ? '' : ', not recorded'}`;
}

function thumbKeys(event: KeyboardEvent, at: number, move: (to: number) => void): void {
  const span = range.value.to - range.value.from;
  const steps: Record<string, number> = {
    ArrowLeft: at - (event.shiftKey ? MINUTE : SECOND),
    ArrowDown: at - SECOND,
    ArrowRight: at + (event.shiftKey ? MINUTE : SECOND),
    ArrowUp: at + SECOND,
    PageUp: at + span / 10,
    PageDown: at - span / 10,
    Home: limits.value.from,
    End: limits.value.to,
  };
  const to = steps[event.key];
  if (to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    move(to);
  }
}

export function TimeBar(): JSX.Element {
  const [element, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ghost, setGhost] = useState<number | null>(null);
  const dragging = useRef<'a' | 'b' | null>(null);
  const answer = density.shown.value;
  const picture = useMemo(() => pyramid(answer.value), [answer.value]);
  const shown = range.value;
  const b = pinned.value;
  const now = committed.value;
  const gaps = mergedGaps.value;
  const theme = colours.value;
  const paint = useMemo(readColours, [theme]);
  const edge = b === null ? 0 : now;
  useEffect(() => {
    if (width > 0 && canvas.current !== null) {
      const between = b === null ? null : { from: Math.min(edge, b), to: Math.max(edge, b) };
      drawTimebar(canvas.current, width, { range: shown, limits: limits.value, gaps, density: picture, between }, paint);
    }
  }, [width, shown, gaps, picture, b, edge, paint]);

  const momentOf = (event: { clientX: number }): number => {
    const box = element.current!.getBoundingClientRect();
    return clamp(toMoment(event.clientX - box.left, range.value, box.width), limits.value.from, limits.value.to);
  };
  const drag = (event: PointerEvent): void => {
    if (dragging.current === 'b') {
      pin(momentOf(event));
    } else {
      goTo(momentOf(event));
    }
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) {
      return;
    }
    const target = event.target as Element;
    dragging.current = target.closest('.thumb.b') !== null ? 'b' : 'a';
    element.current!.setPointerCapture(event.pointerId);
    togglePlay(false);
    setGhost(null);
    preview.value = null;
    drag(event);
  };
  const move = (event: PointerEvent): void => {
    if (dragging.current !== null) {
      drag(event);
      return;
    }
    const at = momentOf(event);
    setGhost(at);
    preview.value = event.shiftKey ? at : null;
  };
  const leave = (): void => {
    setGhost(null);
    preview.value = null;
  };
  useEffect(() => {
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        setRange(pan(range.value, (event.deltaX + (event.shiftKey ? event.deltaY : 0)) / 1500, limits.value));
      } else {
        setRange(zoom(range.value, Math.exp(event.deltaY / 400), momentOf(event), limits.value));
      }
    };
    element.current!.addEventListener('wheel', wheel, { passive: false });
    return () => element.current?.removeEventListener('wheel', wheel);
  }, []);

  const left = (at: number): string => `${toPixel(at, shown, width)}px`;
  const visible = (at: number): boolean => at >= shown.from && at <= shown.to;
  const hovered = ghost === null || picture === null ? null : around(picture, ghost, ((shown.to - shown.from) / width) * 6);
  return (
    <section class="time" aria-label="Time">
      <div
        class="bar"
        ref={element}
        data-testid="timebar"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => (dragging.current = null)}
        onPointerCancel={() => (dragging.current = null)}
        onPointerLeave={leave}
        onDblClick={(event) => setRange(zoom(range.value, 1 / 4, momentOf(event), limits.value))}
      >
        <canvas ref={canvas} aria-hidden="true" data-testid="density" />
        {marked.value !== null && visible(marked.value) && (
          <div class="thumb mark" style={{ left: left(marked.value) }} title={`Mark ${iso(marked.value)}`}>
            <span>′</span>
          </div>
        )}
        {b !== null && (
          <Thumb name="b" label="Moment B" at={b} left={left(clamp(b, shown.from, shown.to))} move={pin} />
        )}
        <Thumb name="a" label="Moment" at={now} left={left(clamp(now, shown.from, shown.to))} move={goTo} />
        {ghost !== null && (
          <div class={`ghost ${toPixel(ghost, shown, width) > width - 260 ? 'left' : ''}`} style={{ left: left(ghost) }} data-testid="ghost">
            <span>
              {shown.to - shown.from < 2 * MINUTE ? clockMillis(ghost) : clock(ghost)}
              {hovered === null || hovered === '' ? '' : ` · ${hovered}`}
            </span>
          </div>
        )}
      </div>
      <div class="key">
        <span><i class="k-failed" />failures</span>
        <span><i class="k-warning" />warnings</span>
        <span><i class="k-change" />changes</span>
        <span><i class="k-event" />events</span>
        <span><i class="k-gap" />not recorded{gaps.length > 0 ? ` (${gaps.length})` : ''}</span>
        <span class="grow" />
        <span class="number" data-testid="range">
          {day(shown.from)} {clock(shown.from)} – {clock(shown.to)} UTC · {duration(shown.to - shown.from)}
        </span>
        {answer.problem !== null && <span role="status">density: {answer.problem.detail}</span>}
      </div>
    </section>
  );
}

function around(picture: DensityPyramid, at: number, span: number): string {
  const cell = new Uint32Array(SEVERITIES);
  picture.sample(at - span / 2, at + span / 2, 1, cell);
  const words = ['events', 'changes', 'warnings', 'failures'];
  return [3, 2, 1, 0].flatMap((severity) => (cell[severity]! > 0 ? [`${cell[severity]} ${words[severity]}`] : [])).join(', ');
}

function Thumb({ name, label, at, left, move }: { name: 'a' | 'b'; label: string; at: number; left: string; move: (to: number) => void }): JSX.Element {
  return (
    <div
      class={`thumb ${name}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={Math.round(limits.value.from)}
      aria-valuemax={Math.round(limits.value.to)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={thumbText(at)}
      data-testid={`thumb-${name}`}
      style={{ left }}
      onKeyDown={(event) => thumbKeys(event, at, move)}
    >
      <span aria-hidden="true">{name.toUpperCase()}</span>
    </div>
  );
}

export function Badge(): JSX.Element {
  const at = moment.value;
  const kind = preview.value !== null ? 'preview' : following.value ? 'live' : 'past';
  return (
    <span class={`badge ${kind}`} role="status" aria-live="off" data-testid="badge">
      <i class="dot" aria-hidden="true" />
      {kind === 'live' ? 'LIVE' : kind === 'past' ? `PAST ${clock(at)}Z` : `PREVIEW ${clock(at)}Z`}
    </span>
  );
}

