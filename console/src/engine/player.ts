// SPDX-License-Identifier: Apache-2.0
// Plays the past: where the moment is after some milliseconds of the real clock.

export const SPEEDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100];

/** The speed one notch faster or slower. */
export function notch(speed: number, by: 1 | -1): number {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.min(Math.max((at < 0 ? 0 : at) + by, 0), SPEEDS.length - 1)]!;
}

/** A tab that slept does not leap over what it missed. */
const LONGEST_FRAME = 250;

export class Player {
  playing = false;
  speed = 1;
  private last = 0;

  start(now: number): void {
    this.playing = true;
    this.last = now;
  }

  pause(): void {
    this.playing = false;
  }

  /** @returns the moment after the frame; playing ends at `end` */
  frame(now: number, moment: number, end: number): number {
    const passed = Math.min(now - this.last, LONGEST_FRAME);
    this.last = now;
    const next = moment + passed * this.speed;
    if (next >= end) {
      this.playing = false;
      return end;
    }
    return next;
  }
}
