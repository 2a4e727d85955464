// SPDX-License-Identifier: Apache-2.0
// How many objects of each kind are how, and which are in trouble: kept in step with the cursor by what it passes, so that a step of
// the slider costs what changed and not what there is.

import { Health } from './versions.ts';
import type { RecordedWindow } from './window.ts';

const HEALTHS = 7;
const NOWHERE = -1;

const isTroubled = (health: number): boolean => health === Health.failed || health === Health.warning;

/** Of one window, and one namespace or all. */
export class Tally {
  /** Of each kind, how many objects of each health exist: HEALTHS numbers a kind. */
  private readonly counts: Uint32Array;
  /** Of each object, the health that is counted; gone if none is. */
  private readonly counted: Uint8Array;
  /** Objects that are failed or degraded, in no order, and where in it each object is. */
  private readonly troubled: Uint32Array;
  private readonly place: Int32Array;
  private troubles = 0;
  /** How many versions had passed the cursor when it was last looked at; -1 before. */
  private passed = NOWHERE;

  /** @param namespace a number in the window's; -1 for all. What is in no namespace is always counted. */
  constructor(
    private readonly window: RecordedWindow,
    private readonly namespace: number,
  ) {
    this.counts = new Uint32Array(window.kinds.length * HEALTHS);
    this.counted = new Uint8Array(window.names.length).fill(Health.gone);
    this.place = new Int32Array(window.names.length).fill(NOWHERE);
    this.troubled = new Uint32Array(window.names.length);
  }

  /** Catches up with the window's cursor; returns how many versions it looked at. */
  update(): number {
    const { index } = this.window;
    const before = this.passed;
    this.passed = index.happened;
    const distance = Math.abs(this.passed - before);
    if (before === NOWHERE || distance > this.counted.length) {
      for (let row = 0; row < this.counted.length; row++) {
        this.look(row);
      }
      return this.counted.length;
    }
    for (const row of index.changedBetween(before, this.passed)) {
      this.look(row);
    }
    return distance;
  }

  private look(row: number): void {
    const { index, kindOf, namespaceOf } = this.window;
    const was = this.counted[row]!;
    const is = index.healthOf(row);
    if (was === is || (this.namespace >= 0 && namespaceOf[row] !== this.namespace && this.window.kind(row).namespaced)) {
      return;
    }
    this.counted[row] = is;
    const base = kindOf[row]! * HEALTHS;
    if (was !== Health.gone) {
      this.counts[base + was]!--;
    }
    if (is !== Health.gone) {
      this.counts[base + is]!++;
    }
    const troubled = isTroubled(is);
    if (troubled !== isTroubled(was)) {
      if (troubled) {
        this.place[row] = this.troubles;
        this.troubled[this.troubles++] = row;
      } else {
        const last = this.troubled[--this.troubles]!;
        this.troubled[this.place[row]!] = last;
        this.place[last] = this.place[row]!;
        this.place[row] = NOWHERE;
      }
    }
  }

  /** How many objects of a kind are so. */
  count(kind: number, health: number): number {
    return this.counts[kind * HEALTHS + health]!;
  }

  total(kind: number): number {
    let sum = 0;
    for (let health = 0; health < HEALTHS; health++) {
      sum += this.counts[kind * HEALTHS + health]!;
    }
    return sum;
  }

  /** How many objects are failed or degraded. */
  get findings(): number {
    return this.troubles;
  }

  /** Those most likely looked for: the worst first, and of those what broke last. At most `most`. */
  worst(most: number): number[] {
    const { index } = this.window;
    const found: { row: number; health: number; since: number }[] = [];
    for (let i = 0; i < this.troubles; i++) {
      const row = this.troubled[i]!;
      const health = index.healthOf(row);
      const last = found.length < most ? undefined : found[found.length - 1]!;
      if (last !== undefined && (health < last.health || (health === last.health && index.changed(row) < last.since))) {
        continue;
      }
      const since = index.since(row);
      if (last !== undefined && (health - last.health || since - last.since || last.row - row) <= 0) {
        continue;
      }
      let at = found.length;
      while (at > 0 && (found[at - 1]!.health - health || found[at - 1]!.since - since || row - found[at - 1]!.row) < 0) {
        at--;
      }
      found.splice(at, 0, { row, health, since });
      if (found.length > most) {
        found.pop();
      }
    }
    return found.map((each) => each.row);
  }
}
