// SPDX-License-Identifier: Apache-2.0
// What a live recording told since its stream was opened, for windows that were asked for before that.

import type { LiveChange, RecordedWindow } from './window.ts';

const MOST = 200_000;

export class Heard {
  private changes: LiveChange[] = [];
  private to: number;

  /** @param from the moment from which on everything is told */
  constructor(private from: number) {
    this.to = from;
  }

  /** @param end the moment by which everything was told */
  add(changes: readonly LiveChange[], end: number): void {
    for (const change of changes) {
      this.changes.push(change);
    }
    this.to = Math.max(this.to, end);
    if (this.changes.length > MOST) {
      const gone = this.changes.splice(0, this.changes.length - MOST / 2);
      this.from = Math.max(this.from, gone[gone.length - 1]!.at);
    }
  }

  /** The window with all that came after it; the same if it has that already, or if something in between is not known. */
  extend(window: RecordedWindow): RecordedWindow {
    if (!window.complete || window.to < this.from || window.to >= this.to) {
      return window;
    }
    return window.with(this.changes.filter((change) => change.at > window.to), this.to);
  }
}
