// SPDX-License-Identifier: Apache-2.0
// Which rows of a window a list shows at a moment.

import type { RecordedWindow } from './window.ts';

export interface RowQuery {
  readonly resource: string;
  readonly namespace: string;
  /** Words that must all be in the name, namespace or health. */
  readonly filter: string;
}

/** Rows that could ever match in the window, whatever the moment: worked out once per query, not per step of the slider. */
export function candidates(window: RecordedWindow, query: RowQuery): Uint32Array {
  const words = query.filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found: number[] = [];
  for (let row = 0; row < window.names.length; row++) {
    const kind = window.kind(row);
    if (query.resource !== '' && kind.resource !== query.resource) {
      continue;
    }
    const namespace = window.namespaces[window.namespaceOf[row]!]!;
    if (query.namespace !== '' && kind.namespaced && namespace !== query.namespace) {
      continue;
    }
    if (words.length > 0) {
      const text = `${namespace}/${window.names[row]} ${kind.kind}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) {
        continue;
      }
    }
    found.push(row);
  }
  return Uint32Array.from(found);
}

/** Those that exist at the cursor's moment, into `into`; returns how many. */
export function existing(window: RecordedWindow, rows: Uint32Array, into: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (window.index.exists(rows[i]!)) {
      into[count++] = rows[i]!;
    }
  }
  return count;
}

/** When any of the rows last existed before a moment, or NaN: where to jump from an empty list. */
export function lastSeen(window: RecordedWindow, rows: Uint32Array, before: number): { at: number; count: number } {
  let at = Number.NaN;
  let count = 0;
  for (const row of rows) {
    const version = window.index.versionAt(row, before);
    if (version > window.index.columns.first[row]! && !window.index.exists(row)) {
      count++;
      const gone = window.index.columns.at[version]!;
      at = Number.isNaN(at) || gone > at ? gone : at;
    }
  }
  return { at, count };
}
