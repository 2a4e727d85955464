// SPDX-License-Identifier: Apache-2.0
// Answers that follow the slider: one request at a time, and after it only the latest question. What came before stays shown.

import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { Problem } from '../api/client.ts';
import { reportProblem, reportAnswer } from './connection.ts';

export interface Shown<T> {
  readonly value: T | null;
  /** The question the value answers. */
  readonly key: string;
  readonly loading: boolean;
  readonly problem: Problem | null;
}

/** What waits to be asked again. */
const failed = new Set<Latest<unknown>>();

export function retryFailed(): void {
  failed.forEach((each) => each.again());
}

/** Asks with what it is given, and shows the latest answer there is. */
export class Latest<T> {
  private readonly state: Signal<Shown<T>> = signal({ value: null, key: '', loading: false, problem: null });
  private wanted: { key: string; ask: () => Promise<T> } | null = null;
  private busy = false;
  private retry: ReturnType<typeof setTimeout> | undefined;

  get shown(): ReadonlySignal<Shown<T>> {
    return this.state;
  }

  /** A question that is already answered or being asked costs nothing. */
  want(key: string, ask: () => Promise<T>): void {
    if (this.wanted?.key === key) {
      return;
    }
    this.wanted = { key, ask };
    void this.run();
  }

  /** Asks the same again. */
  again(): void {
    if (this.wanted !== null) {
      this.state.value = { ...this.state.value, key: '' };
      void this.run();
    }
  }

  clear(): void {
    clearTimeout(this.retry);
    failed.delete(this as Latest<unknown>);
    this.wanted = null;
    this.state.value = { value: null, key: '', loading: false, problem: null };
  }

  private async run(): Promise<void> {
    if (this.busy || this.wanted === null) {
      return;
    }
    clearTimeout(this.retry);
    failed.delete(this as Latest<unknown>);
    this.busy = true;
    const { key, ask } = this.wanted;
    this.state.value = { ...this.state.value, loading: true };
    try {
      const value = await ask();
      reportAnswer();
      if (this.wanted !== null) {
        this.state.value = { value, key, loading: false, problem: null };
      }
    } catch (failure) {
      const problem = failure instanceof Problem ? failure : new Problem(-1, 'Error', String(failure), '', 2, null);
      reportProblem(problem);
      // The last good state stays.
      this.state.value = { ...this.state.value, loading: false, problem };
      if (problem.isPassing || problem.isExpired) {
        failed.add(this as Latest<unknown>);
        this.retry = setTimeout(() => void this.run(), Math.min(problem.retryAfter, 10) * 1000);
      }
    } finally {
      this.busy = false;
    }
    if (this.wanted !== null && this.wanted.key !== key) {
      void this.run();
    }
  }
}
