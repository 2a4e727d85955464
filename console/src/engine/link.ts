// SPDX-License-Identifier: Apache-2.0
// What an address says. Times in it are absolute and UTC, so that a link shows tomorrow what it shows today.

import { iso } from './time.ts';

export const SCREENS = ['pulse', 'resources', 'topology', 'timeline', 'diff', 'logs', 'why', 'recordings'] as const;
export type Screen = (typeof SCREENS)[number];

export interface Place {
  readonly screen: Screen;
  /** The recording's cluster; absent for the only one. */
  readonly cluster?: string | undefined;
  /** The moment shown; absent for the live end. */
  readonly at?: number | undefined;
  /** The B thumb. */
  readonly b?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `deployments.apps/shop/checkout`; of a cluster-scoped object the namespace is empty. */
  readonly object?: string | undefined;
  readonly tab?: string | undefined;
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly filter?: string | undefined;
}

const TIMES = { at: 't', b: 'b', from: 'from', to: 'to' } as const;
const TEXTS = { cluster: 'c', object: 'o', tab: 'tab', resource: 'r', namespace: 'ns', filter: 'q' } as const;

/** The address below the console's own, as `resources?t=2026-01-31T14:03:22Z`. */
export function writePlace(place: Place): string {
  const query = new URLSearchParams();
  for (const [field, name] of Object.entries(TIMES) as [keyof typeof TIMES, string][]) {
    const value = place[field];
    if (value !== undefined) {
      query.set(name, iso(value));
    }
  }
  for (const [field, name] of Object.entries(TEXTS) as [keyof typeof TEXTS, string][]) {
    const value = place[field];
    if (value !== undefined && value !== '') {
      query.set(name, value);
    }
  }
  // Colons and slashes are allowed in a query and much better to read.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return `${place.screen}${text === '' ? '' : `?${text}`}`;
}

/** Whatever it does not understand it leaves out: an address is typed, cut and pasted by people. */
export function readPlace(link: string): Place {
  const [path = '', search = ''] = link.split('?', 2);
  const query = new URLSearchParams(search);
  const place: Record<string, unknown> = { screen: (SCREENS as readonly string[]).includes(path) ? path : 'pulse' };
  for (const [field, name] of Object.entries(TIMES)) {
    const text = query.get(name) ?? '';
    const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(moment)) {
      place[field] = moment;
    }
  }
  for (const [field, name] of Object.entries(TEXTS)) {
    const text = query.get(name);
    if (text !== null && text !== '') {
      place[field] = text;
    }
  }
  return place as unknown as Place;
}
