// SPDX-License-Identifier: Apache-2.0
// The style sheet's colours, for canvases. Read again when the theme changes.

import { Health } from '../engine/versions.ts';

export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly second: string;
  readonly hatch: string;
  /** By severity. */
  readonly severity: readonly [string, string, string, string];
  /** By health. */
  readonly health: Readonly<Record<number, string>>;
}

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: of('text'),
    muted: of('muted'),
    line: of('line'),
    surface: of('surface'),
    accent: of('accent'),
    second: of('second'),
    hatch: of('hatch'),
    severity: [of('event'), of('change'), of('warning'), of('failed')],
    health: {
      [Health.unknown]: of('neutral'),
      [Health.ok]: of('ok'),
      [Health.progressing]: of('progressing'),
      [Health.warning]: of('warning'),
      [Health.failed]: of('failed'),
      [Health.done]: of('done'),
      [Health.terminating]: of('terminating'),
    },
  };
}

/** Makes a canvas as fine as the screen; returns its context in CSS pixels, cleared. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Diagonal stripes: not recorded. */
export function hatch(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const first = Math.floor((x - height) / 6) * 6;
  for (let at = first; at < x + width; at += 6) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}
