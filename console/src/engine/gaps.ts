// SPDX-License-Identifier: Apache-2.0
// What was not observed. It is shown, never guessed.

export interface Gap {
  readonly from: number;
  readonly to: number;
  /** `pods`, `deployments.apps`; empty for all resources. */
  readonly resource: string;
  readonly reason: string;
}

/** Stretches in which anything was not observed, merged, in the order of time. */
export function merged(gaps: readonly Gap[]): { from: number; to: number; count: number }[] {
  const result: { from: number; to: number; count: number }[] = [];
  for (const gap of [...gaps].sort((a, b) => a.from - b.from)) {
    const last = result[result.length - 1];
    if (last !== undefined && gap.from <= last.to) {
      last.to = Math.max(last.to, gap.to);
      last.count++;
    } else {
      result.push({ from: gap.from, to: gap.to, count: 1 });
    }
  }
  return result;
}

/** The gaps that cover a moment, of one resource or of all. */
export function at(gaps: readonly Gap[], moment: number, resource = ''): Gap[] {
  return gaps.filter(
    (gap) => gap.from <= moment && moment < gap.to && (resource === '' || gap.resource === '' || gap.resource === resource),
  );
}
