// SPDX-License-Identifier: Apache-2.0
// What a person has chosen, kept in the browser.

import { effect, signal } from '@preact/signals';
import { DEFAULT_KEYS, type KeySettings } from '../engine/keys.ts';

export type Theme = 'system' | 'dark' | 'light';

function kept<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`traversion.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`traversion.${name}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing shows everything as well.
  }
}

export const theme = signal<Theme>(kept('theme', 'system'));
export const keySettings = signal<KeySettings>(kept('keys', DEFAULT_KEYS));
/** Counts up when colours change, so that canvases are drawn again. */
export const colours = signal(0);

export function followSettings(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    keep('theme', theme.value);
    colours.value = colours.peek() + 1;
  });
  effect(() => keep('keys', keySettings.value));
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', () => colours.value++);
  }
}

export const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
