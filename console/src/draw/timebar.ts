// SPDX-License-Identifier: Apache-2.0
// The time bar's picture: how much happened when, by severity, over hatched gaps and round times.

import { SEVERITIES, type DensityPyramid } from '../engine/density.ts';
import { tickLabel } from '../engine/time.ts';
import { ticks, toPixel, type Range } from '../engine/view.ts';
import { hatch, prepare, type Colours } from './colours.ts';

export interface TimebarPicture {
  readonly range: Range;
  /** What the recording spans; the rest of the range is hatched. */
  readonly limits: Range;
  readonly gaps: readonly Range[];
  readonly density: DensityPyramid | null;
  readonly between: Range | null;
}

export const BAR_HEIGHT = 46;
export const AXIS_HEIGHT = 18;
const COLUMN = 3;

const counts = new Uint32Array(8192 * SEVERITIES);

export function drawTimebar(canvas: HTMLCanvasElement, width: number, picture: TimebarPicture, colours: Colours): void {
  const context = prepare(canvas, width, BAR_HEIGHT + AXIS_HEIGHT);
  const { range } = picture;
  const x = (moment: number): number => toPixel(moment, range, width);
  if (picture.between !== null) {
    context.globalAlpha = 0.14;
    context.fillStyle = colours.second;
    context.fillRect(x(picture.between.from), 0, x(picture.between.to) - x(picture.between.from), BAR_HEIGHT);
    context.globalAlpha = 1;
  }
  drawAxis(context, width, range, colours);
  if (picture.density !== null) {
    drawDensity(context, width, range, picture.density, colours);
  }
  const gaps = [...picture.gaps, { from: Number.NEGATIVE_INFINITY, to: picture.limits.from }, { from: picture.limits.to, to: Number.POSITIVE_INFINITY }];
  for (const gap of gaps) {
    const begin = Math.max(x(gap.from), 0);
    const end = Math.min(Math.max(x(gap.to), begin + 2), width);
    if (end > 0 && begin < width && gap.to > range.from && gap.from < range.to) {
      hatch(context, begin, 0, end - begin, BAR_HEIGHT, colours.hatch);
    }
  }
}

function drawAxis(context: CanvasRenderingContext2D, width: number, range: Range, colours: Colours): void {
  context.font = '11px ' + getComputedStyle(document.body).fontFamily;
  context.textBaseline = 'middle';
  const { step, at } = ticks(range, width / 90);
  for (const moment of at) {
    const x = Math.round(toPixel(moment, range, width)) + 0.5;
    context.fillStyle = colours.line;
    context.fillRect(x - 0.5, 0, 1, BAR_HEIGHT + 4);
    const label = tickLabel(moment, step);
    const half = context.measureText(label).width / 2;
    if (x - half > 0 && x + half < width) {
      context.fillStyle = colours.muted;
      context.fillText(label, x - half, BAR_HEIGHT + AXIS_HEIGHT / 2 + 2);
    }
  }
  context.fillStyle = colours.line;
  context.fillRect(0, BAR_HEIGHT, width, 1);
}

function drawDensity(context: CanvasRenderingContext2D, width: number, range: Range, density: DensityPyramid, colours: Colours): void {
  const columns = Math.min(Math.ceil(width / COLUMN), 8192);
  density.sample(range.from, range.from + ((range.to - range.from) * columns * COLUMN) / width, columns, counts);
  let most = 1;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let severity = 0; severity < SEVERITIES; severity++) {
      sum += counts[column * SEVERITIES + severity]!;
    }
    most = Math.max(most, sum);
  }
  const scale = (BAR_HEIGHT - 4) / Math.log1p(most);
  // One colour after the other: a canvas changes its fill slowly. The worst lies at the bottom, where it is always seen.
  for (let severity = SEVERITIES - 1; severity >= 0; severity--) {
    context.fillStyle = colours.severity[severity]!;
    for (let column = 0; column < columns; column++) {
      const base = column * SEVERITIES;
      const own = counts[base + severity]!;
      if (own === 0) {
        continue;
      }
      let below = 0;
      for (let worse = severity + 1; worse < SEVERITIES; worse++) {
        below += counts[base + worse]!;
      }
      const bottom = Math.log1p(below) * scale;
      const height = Math.max(Math.log1p(below + own) * scale - bottom, 1.5);
      context.fillRect(column * COLUMN, BAR_HEIGHT - bottom - height, COLUMN - 1, height);
    }
  }
}
