// SPDX-License-Identifier: Apache-2.0
// How much happened when, by severity, so that any zoom costs one pass over the pixels.

/** What a change means to somebody who looks for trouble. */
export const Severity = { bookkeeping: 0, change: 1, warning: 2, failure: 3 } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];
export const SEVERITIES = 4;

/** Counts of one stretch, by severity. */
export type Column = readonly [number, number, number, number];

/** Levels of cells, each twice as wide as those below it. Cell c of level l counts what happened in [start + c*w, +w), w = base*2^l. */
export class DensityPyramid {
  private readonly levels: Uint32Array[] = [];

  /** @param cells counts of the lowest level, severities of a cell together */
  constructor(
    readonly start: number,
    /** Milliseconds of a cell of the lowest level. */
    readonly base: number,
    cells: Uint32Array,
  ) {
    if (cells.length % SEVERITIES !== 0 || !(base > 0)) {
      throw new RangeError(`density of ${cells.length} counts, ${base} ms a cell`);
    }
    this.levels.push(cells);
    for (let below = cells; below.length > SEVERITIES; below = this.levels[this.levels.length - 1]!) {
      const count = Math.ceil(below.length / SEVERITIES / 2);
      const level = new Uint32Array(count * SEVERITIES);
      for (let i = 0; i < below.length; i++) {
        const cell = Math.floor(i / SEVERITIES) >> 1;
        level[cell * SEVERITIES + (i % SEVERITIES)]! += below[i]!;
      }
      this.levels.push(level);
    }
  }

  static of(times: ArrayLike<number>, severities: ArrayLike<number>, start: number, end: number, cells: number): DensityPyramid {
    const base = Math.max((end - start) / cells, 1);
    const counts = new Uint32Array(cells * SEVERITIES);
    for (let i = 0; i < times.length; i++) {
      const cell = Math.floor((times[i]! - start) / base);
      if (cell >= 0 && cell < cells) {
        counts[cell * SEVERITIES + severities[i]!]!++;
      }
    }
    return new DensityPyramid(start, base, counts);
  }

  /** Fills one column of counts per pixel of [from, to). A pixel narrower than a cell gets the cell's own counts. */
  sample(from: number, to: number, pixels: number, into: Uint32Array): void {
    into.fill(0, 0, pixels * SEVERITIES);
    const width = (to - from) / pixels;
    let level = 0;
    while (level + 1 < this.levels.length && this.base * 2 ** (level + 1) <= width) {
      level++;
    }
    const cells = this.levels[level]!;
    const size = this.base * 2 ** level;
    const count = cells.length / SEVERITIES;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const begin = Math.floor((from + pixel * width - this.start) / size);
      const end = Math.max(begin + 1, Math.floor((from + (pixel + 1) * width - this.start) / size));
      for (let cell = Math.max(begin, 0); cell < end && cell < count; cell++) {
        for (let severity = 0; severity < SEVERITIES; severity++) {
          into[pixel * SEVERITIES + severity]! += cells[cell * SEVERITIES + severity]!;
        }
      }
    }
  }
}
