// SPDX-License-Identifier: Apache-2.0
// Whether the server answers. Nothing that is shown is taken away when it does not.

import { signal } from '@preact/signals';
import type { Problem } from '../api/client.ts';

/** What stands between the console and the server right now. */
export const trouble = signal<Problem | null>(null);

/** Milliseconds the browser's clock is ahead of the server's. */
export const skew = signal(0);

export function reportProblem(problem: Problem): void {
  if (problem.isPassing || problem.isExpired) {
    trouble.value = problem;
  }
}

export function reportAnswer(): void {
  trouble.value = null;
}

/** @param now the server's clock */
export function reportClock(now: number): void {
  skew.value = Date.now() - now;
}
