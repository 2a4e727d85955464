// SPDX-License-Identifier: Apache-2.0
// The stretch of time a screen shows, and how it is zoomed and panned. All times are milliseconds since 1970.

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Not narrower than this: finer than a millisecond the recording orders, but does not tell apart. */
const NARROWEST = 100;

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Zooms by a factor (below 1 into it) so that `around` stays where it is, within the limits. */
export function zoom(range: Range, factor: number, around: number, limits: Range): Range {
  const all = limits.to - limits.from;
  const width = clamp((range.to - range.from) * factor, Math.min(NARROWEST, all), all);
  const share = range.to > range.from ? (around - range.from) / (range.to - range.from) : 0.5;
  return within({ from: around - share * width, to: around - share * width + width }, limits);
}

/** Moves by a share of the range's width, within the limits. */
export function pan(range: Range, share: number, limits: Range): Range {
  const by = (range.to - range.from) * share;
  return within({ from: range.from + by, to: range.to + by }, limits);
}

/** The same width, moved as little as needed so that it shows the moment. */
export function reveal(range: Range, moment: number, limits: Range): Range {
  if (moment >= range.from && moment <= range.to) {
    return range;
  }
  const width = range.to - range.from;
  const from = moment < range.from ? moment - width * 0.1 : moment - width * 0.9;
  return within({ from, to: from + width }, limits);
}

/** Moves a range into the limits; one wider than them becomes them. */
export function within(range: Range, limits: Range): Range {
  const width = range.to - range.from;
  if (width >= limits.to - limits.from) {
    return limits;
  }
  const from = clamp(range.from, limits.from, limits.to - width);
  return { from, to: from + width };
}

export const toPixel = (moment: number, range: Range, width: number): number =>
  ((moment - range.from) / (range.to - range.from)) * width;

export const toMoment = (pixel: number, range: Range, width: number): number =>
  range.from + (pixel / width) * (range.to - range.from);

const STEPS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3, 7200e3,
  10800e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3,
];

/** Round moments in the range, at most `most` of them. */
export function ticks(range: Range, most: number): { readonly step: number; readonly at: number[] } {
  const wanted = (range.to - range.from) / Math.max(most, 1);
  const step = STEPS.find((each) => each >= wanted) ?? Math.ceil(wanted / 604800e3) * 604800e3;
  const at: number[] = [];
  for (let moment = Math.ceil(range.from / step) * step; moment <= range.to; moment += step) {
    at.push(moment);
  }
  return { step, at };
}
