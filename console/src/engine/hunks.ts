// SPDX-License-Identifier: Apache-2.0
// Of two texts of many lines, the part that differs, with a line of context around it.

export interface Hunk {
  readonly before: string;
  readonly after: string;
  /** Equal lines that are left out above and below. */
  readonly above: number;
  readonly below: number;
}

const CONTEXT = 1;

export function hunk(before: string, after: string): Hunk {
  const [one, other] = [before.split('\n'), after.split('\n')];
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) {
    head++;
  }
  let tail = 0;
  while (tail < most - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) {
    tail++;
  }
  const above = Math.max(head - CONTEXT, 0);
  const below = Math.max(tail - CONTEXT, 0);
  return {
    before: one.slice(above, one.length - below).join('\n'),
    after: other.slice(above, other.length - below).join('\n'),
    above,
    below,
  };
}
