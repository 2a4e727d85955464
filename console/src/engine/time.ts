// SPDX-License-Identifier: Apache-2.0
// TIME as people write it, and one absolute clock as the console shows it: UTC, always.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What a time may refer to. */
export interface TimeContext {
  /** The end of the recording, or of a live one about now. */
  readonly now: number;
  /** The moment the console shows: what `+5m` and `-5m` alone count from. */
  readonly moment: number;
  /** When the object last changed before the moment, `back` changes ago; NaN if it never did. */
  readonly change?: (target: string, back: number) => number;
}

const pad = (value: number, width: number): string => String(Math.trunc(value)).padStart(width, '0');

/** `2026-01-31T14:03:22.125Z`; without a fraction if there is none. What links and requests carry. */
export function iso(moment: number): string {
  const text = new Date(Math.round(moment)).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** `14:03:22` */
export function clock(moment: number): string {
  return new Date(Math.floor(moment)).toISOString().slice(11, 19);
}

/** `14:03:22.125` */
export function clockMillis(moment: number): string {
  return new Date(Math.floor(moment)).toISOString().slice(11, 23);
}

/** `2026-01-31` */
export function day(moment: number): string {
  return new Date(Math.floor(moment)).toISOString().slice(0, 10);
}

/** A label for a tick: as exact as the step between ticks. */
export function tickLabel(moment: number, step: number): string {
  const text = new Date(moment).toISOString();
  if (step >= DAY) {
    return text.slice(5, 10);
  }
  if (moment % DAY === 0) {
    return text.slice(5, 10);
  }
  return step >= MINUTE ? text.slice(11, 16) : step >= SECOND ? text.slice(11, 19) : text.slice(14, 23);
}

/** `3d4h`, `2h5m`, `12m`, `42s`, `350ms`: two units at most, as kubectl writes ages. */
export function duration(millis: number): string {
  const all = Math.abs(millis);
  if (all < SECOND) {
    return `${Math.round(all)}ms`;
  }
  const seconds = Math.floor(all / SECOND);
  if (seconds < 120) {
    return `${seconds}s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return minutes < 10 && seconds % 60 > 0 ? `${minutes}m${seconds % 60}s` : `${minutes}m`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return minutes % 60 > 0 && hours < 10 ? `${hours}h${minutes % 60}m` : `${hours}h`;
  }
  const days = Math.floor(hours / 24);
  return hours % 24 > 0 && days < 10 ? `${days}d${hours % 24}h` : `${days}d`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;

/** Milliseconds of `10m`, `2h30m`, `1d`; NaN if it is none. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) {
    return Number.NaN;
  }
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    sum += Number(amount) * UNITS[unit!]!;
  }
  return sum;
}

/** What a TIME means, or why it means nothing, in a sentence. */
export type Parsed = { readonly moment: number } | { readonly error: string };

/** Understands `now`, `10m`, `10m ago`, `14:03[:22]`, RFC 3339, dates, `@epoch`, `TYPE/NAME~N`, `+5m`, and any with an offset. */
export function parseTime(input: string, context: TimeContext): Parsed {
  const text = input.trim();
  if (text === '') {
    return { error: 'Type a time: 14:03:22, 10m ago, 2026-01-31T14:03:22Z, deploy/checkout~1' };
  }
  const whole = parseBase(text, context);
  if (whole !== null) {
    return whole;
  }
  const offset = /^(.*?)\s*([+-])\s*((?:\d+(?:\.\d+)?(?:ms|[smhdw]))+)$/.exec(text);
  if (offset !== null) {
    const base = offset[1] === '' ? { moment: context.moment } : parseBase(offset[1]!, context);
    if (base !== null && 'moment' in base) {
      const by = parseDuration(offset[3]!);
      return { moment: offset[2] === '+' ? base.moment + by : base.moment - by };
    }
    if (base !== null) {
      return base;
    }
  }
  return { error: `“${text}” is no time. Examples: now, 10m, 14:03:22, 2026-01-31T14:03:22Z, @1769868202, deploy/checkout~1-30s` };
}

/** Null if it looks like none of them. */
function parseBase(text: string, context: TimeContext): Parsed | null {
  if (text === 'now') {
    return { moment: context.now };
  }
  const ago = parseDuration(text.replace(/\s*ago$/, ''));
  if (!Number.isNaN(ago)) {
    return { moment: context.now - ago };
  }
  if (/^@\d+(\.\d+)?$/.test(text)) {
    return { moment: Number(text.slice(1)) * SECOND };
  }
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?Z?$/.exec(text);
  if (time !== null) {
    return timeOfDay(time, context.now);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return exactly(`${text}T00:00:00Z`, text);
  }
  const stamp = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*([Zz]|[+-]\d{2}:\d{2})?$/.exec(text);
  if (stamp !== null) {
    return exactly(`${stamp[1]}T${stamp[2]}${stamp[3]?.toUpperCase() ?? 'Z'}`, text);
  }
  const change = /^([\w.-]+\/[\w.-]+)(?:~(\d+))$/.exec(text);
  if (change !== null) {
    const moment = context.change?.(change[1]!, Number(change[2])) ?? Number.NaN;
    return Number.isNaN(moment) ? { error: `${change[1]} has no ${change[2]} changes before this moment in what is loaded` } : { moment: moment - 1 };
  }
  return null;
}

/** The last such time of day, UTC, not after now. */
function timeOfDay(match: RegExpExecArray, now: number): Parsed {
  const [, hours, minutes, seconds, fraction] = match;
  const of = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds ?? 0) * SECOND + Number(`0${fraction ?? ''}`) * SECOND;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) {
    return { error: `${pad(Number(hours), 2)}:${minutes} is no time of day` };
  }
  const today = Math.floor(now / DAY) * DAY + of;
  return { moment: today > now ? today - DAY : today };
}

function exactly(stamp: string, text: string): Parsed {
  const moment = Date.parse(stamp);
  // Date.parse lets the 31st of June be the 1st of July.
  const date = Number(stamp.slice(8, 10));
  const valid = !Number.isNaN(moment) && date <= new Date(Date.UTC(Number(stamp.slice(0, 4)), Number(stamp.slice(5, 7)), 0)).getUTCDate();
  return valid ? { moment } : { error: `“${text}” is no date of the calendar` };
}
