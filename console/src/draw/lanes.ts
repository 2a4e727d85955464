// SPDX-License-Identifier: Apache-2.0
// Lanes: of each object a bar of its states, ticks for its changes, diamonds for its Events, stripes for what is unknown.

import { Health } from '../engine/versions.ts';
import { ticks, toPixel, type Range } from '../engine/view.ts';
import type { RecordedWindow } from '../engine/window.ts';
import { hatch, prepare, type Colours } from './colours.ts';

export const LANE_HEIGHT = 26;

export interface LaneEvent {
  readonly at: number;
  readonly warning: boolean;
}

export interface Lane {
  readonly row: number;
  readonly events: readonly LaneEvent[];
  readonly gaps: readonly Range[];
}

/** An arrow from cause to effect, between two lanes. */
export interface Arrow {
  readonly from: { readonly lane: number; readonly at: number };
  readonly to: { readonly lane: number; readonly at: number };
}

export interface LanesPicture {
  readonly window: RecordedWindow;
  readonly range: Range;
  readonly moment: number;
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
  readonly selected: number;
}

export function drawLanes(canvas: HTMLCanvasElement, width: number, picture: LanesPicture, colours: Colours): void {
  const height = picture.lanes.length * LANE_HEIGHT;
  const context = prepare(canvas, width, Math.max(height, 1));
  const { range } = picture;
  const x = (moment: number): number => toPixel(moment, range, width);
  context.fillStyle = colours.line;
  for (const moment of ticks(range, width / 90).at) {
    context.fillRect(Math.round(x(moment)), 0, 1, height);
  }
  picture.lanes.forEach((lane, number) => drawLane(context, width, lane, number * LANE_HEIGHT, picture, colours));
  context.strokeStyle = colours.second;
  context.fillStyle = colours.second;
  context.lineWidth = 1.5;
  for (const arrow of picture.arrows) {
    drawArrow(context, x(arrow.from.at), (arrow.from.lane + 0.5) * LANE_HEIGHT, x(arrow.to.at), (arrow.to.lane + 0.5) * LANE_HEIGHT);
  }
  context.fillStyle = colours.accent;
  context.fillRect(Math.round(x(picture.moment)) - 0.5, 0, 1.5, height);
}

function drawLane(context: CanvasRenderingContext2D, width: number, lane: Lane, y: number, picture: LanesPicture, colours: Colours): void {
  const { window, range } = picture;
  const { first, at, health } = window.index.columns;
  const x = (moment: number): number => toPixel(moment, range, width);
  const end = first[lane.row + 1]!;
  const top = y + 8;
  const thick = LANE_HEIGHT - 16;
  if (lane.row === picture.selected) {
    context.globalAlpha = 0.1;
    context.fillStyle = colours.accent;
    context.fillRect(0, y, width, LANE_HEIGHT);
    context.globalAlpha = 1;
  }
  for (let version = Math.max(window.index.versionAt(lane.row, range.from), first[lane.row]!); version < end && at[version]! <= range.to; version++) {
    if (health[version] === Health.gone) {
      continue;
    }
    const begin = Math.max(x(at[version]!), 0);
    const stop = version + 1 < end ? x(at[version + 1]!) : x(window.to);
    context.globalAlpha = at[version]! <= picture.moment ? 1 : 0.35;
    context.fillStyle = colours.health[health[version]!] ?? colours.muted;
    context.fillRect(begin, top, Math.max(Math.min(stop, width) - begin, 1), thick);
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.surface;
  let last = Number.NEGATIVE_INFINITY;
  for (let version = Math.max(window.index.versionAt(lane.row, range.from), first[lane.row]!); version < end && at[version]! <= range.to; version++) {
    const left = Math.round(x(at[version]!));
    if (left - last >= 3 && window.verb[version] === 2) {
      context.fillRect(left, top, 1, thick);
      last = left;
    }
  }
  for (const gap of lane.gaps) {
    const begin = Math.max(x(gap.from), 0);
    hatch(context, begin, top - 3, Math.max(Math.min(x(gap.to), width) - begin, 2), thick + 6, colours.hatch);
  }
  for (const event of lane.events) {
    if (event.at >= range.from && event.at <= range.to) {
      diamond(context, x(event.at), y + LANE_HEIGHT / 2, 4.5, event.warning ? colours.severity[2] : colours.text, colours.surface);
    }
  }
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, size: number, fill: string, edge: string): void {
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1.2;
  context.stroke();
}

function drawArrow(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  const bend = Math.max(Math.abs(x2 - x1) / 2, 14);
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2 - 5, y2);
  context.stroke();
  context.beginPath();
  context.moveTo(x2, y2);
  context.lineTo(x2 - 7, y2 - 4);
  context.lineTo(x2 - 7, y2 + 4);
  context.fill();
}
