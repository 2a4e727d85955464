// SPDX-License-Identifier: Apache-2.0
// The keyboard: names of actions, the keys they have, and how a person changes that.

export interface Action {
  readonly id: string;
  readonly group: string;
  readonly text: string;
  /** Keys as `KeyboardEvent.key`, with `Ctrl+` and `Shift+` in front; two in a row as `g t`. */
  readonly keys: readonly string[];
}

export const ACTIONS: readonly Action[] = [
  { id: 'play', group: 'Time', text: 'play / pause', keys: [' '] },
  { id: 'slower', group: 'Time', text: 'slower', keys: ['j'] },
  { id: 'pause', group: 'Time', text: 'pause', keys: ['k'] },
  { id: 'faster', group: 'Time', text: 'faster (1–100×)', keys: ['l'] },
  { id: 'previous', group: 'Time', text: 'previous event of the selection', keys: [','] },
  { id: 'next', group: 'Time', text: 'next event of the selection', keys: ['.'] },
  { id: 'back-second', group: 'Time', text: 'back 1 s', keys: ['ArrowLeft'] },
  { id: 'on-second', group: 'Time', text: 'on 1 s', keys: ['ArrowRight'] },
  { id: 'back-minute', group: 'Time', text: 'back 1 min', keys: ['Shift+ArrowLeft'] },
  { id: 'on-minute', group: 'Time', text: 'on 1 min', keys: ['Shift+ArrowRight'] },
  { id: 'type-time', group: 'Time', text: 'type a time', keys: ['g t'] },
  { id: 'live', group: 'Time', text: 'go to the live end', keys: ['g l'] },
  { id: 'zoom-in', group: 'Range', text: 'zoom in', keys: ['w'] },
  { id: 'zoom-out', group: 'Range', text: 'zoom out', keys: ['s'] },
  { id: 'pan-left', group: 'Range', text: 'earlier', keys: ['a'] },
  { id: 'pan-right', group: 'Range', text: 'later', keys: ['d'] },
  { id: 'focus', group: 'Range', text: 'focus the selection', keys: ['f'] },
  { id: 'range', group: 'Range', text: 'A..B (or the selection) becomes the range', keys: ['r'] },
  { id: 'whole', group: 'Range', text: 'the whole recording', keys: ['0'] },
  { id: 'mark', group: 'Marks', text: 'set a mark', keys: ['m'] },
  { id: 'go-mark', group: 'Marks', text: 'go to the mark', keys: ["'"] },
  { id: 'pin', group: 'Marks', text: 'pin the B thumb: diff A..B', keys: ['b'] },
  { id: 'copy', group: 'Marks', text: 'copy a link to what is shown', keys: ['c'] },
  { id: 'palette', group: 'Go', text: 'command palette', keys: ['Ctrl+k', ':'] },
  { id: 'filter', group: 'Go', text: 'filter', keys: ['/'] },
  { id: 'help', group: 'Go', text: 'this help', keys: ['?'] },
  { id: 'go-pulse', group: 'Go', text: 'pulse', keys: ['g p'] },
  { id: 'go-resources', group: 'Go', text: 'resources', keys: ['g r'] },
  { id: 'go-topology', group: 'Go', text: 'topology', keys: ['g o'] },
  { id: 'go-timeline', group: 'Go', text: 'timeline', keys: ['g i'] },
  { id: 'go-diff', group: 'Go', text: 'diff A..B', keys: ['g d'] },
  { id: 'go-logs', group: 'Go', text: 'logs', keys: ['g g'] },
  { id: 'go-why', group: 'Go', text: 'why', keys: ['g w'] },
  { id: 'go-recordings', group: 'Go', text: 'recordings and coverage', keys: ['g c'] },
];

export interface KeySettings {
  /** Single-letter keys may be switched off (WCAG 2.1.4); arrows, Space and keys with Ctrl stay. */
  readonly letters: boolean;
  readonly remapped: Readonly<Record<string, readonly string[]>>;
}

export const DEFAULT_KEYS: KeySettings = { letters: true, remapped: {} };

export const keysOf = (action: Action, settings: KeySettings): readonly string[] => settings.remapped[action.id] ?? action.keys;

/** A pressed key as the map writes it, or null for a modifier alone and keys the browser or the system owns. */
export function pressed(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }): string | null {
  if (event.altKey || ['Shift', 'Control', 'Alt', 'Meta', 'Dead', 'Process', 'Unidentified'].includes(event.key)) {
    return null;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    return `Ctrl+${key}`;
  }
  return event.shiftKey && event.key.length > 1 ? `Shift+${key}` : key;
}

const isLetter = (key: string): boolean => key.length === 1 && key !== ' ';

/** Follows what is typed; two keys in a row must come within a second. */
export class KeyReader {
  private prefix = '';
  private since = 0;

  /** @returns the action's id, null if none, `prefix` if the key begins one of two */
  read(key: string, now: number, settings: KeySettings): string | null {
    const typed = this.prefix !== '' && now - this.since < 1000 ? `${this.prefix} ${key}` : key;
    this.prefix = '';
    if (!settings.letters && isLetter(typed.split(' ')[0]!)) {
      return null;
    }
    for (const action of ACTIONS) {
      if (keysOf(action, settings).includes(typed)) {
        return action.id;
      }
    }
    if (ACTIONS.some((action) => keysOf(action, settings).some((each) => each.startsWith(`${key} `)))) {
      this.prefix = key;
      this.since = now;
      return 'prefix';
    }
    return null;
  }
}

/** Why a key cannot become an action's, or null. */
export function clash(id: string, key: string, settings: KeySettings): string | null {
  const other = ACTIONS.find((action) => action.id !== id && keysOf(action, settings).some((each) => each === key || each.startsWith(`${key} `)));
  return other === undefined ? null : `“${key}” is ${other.text}`;
}
