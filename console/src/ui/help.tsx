// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ACTIONS, clash, DEFAULT_KEYS, keysOf, pressed } from '../engine/keys.ts';
import { helpOpen } from '../state/actions.ts';
import { keySettings } from '../state/settings.ts';
import { say } from '../state/store.ts';
import { Icon } from './icons.tsx';

const NAMES: Readonly<Record<string, string>> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', 'Shift+ArrowLeft': 'Shift ←', 'Shift+ArrowRight': 'Shift →', 'Ctrl+k': 'Ctrl K' };

export function Help(): JSX.Element {
  const [moving, setMoving] = useState('');
  const settings = keySettings.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => (before as HTMLElement | null)?.focus?.();
  }, []);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') {
      trap(event, box.current!);
      return;
    }
    const key = pressed(event);
    if (moving === '' || key === null) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (key !== 'Escape') {
      const why = clash(moving, key, settings);
      if (why !== null) {
        say(`${why} already.`);
        return;
      }
      keySettings.value = { ...settings, remapped: { ...settings.remapped, [moving]: [key] } };
    }
    setMoving('');
  };
  const groups = [...new Set(ACTIONS.map((action) => action.group))];
  return (
    <div class="veil" onPointerDown={(event) => { if (event.target === event.currentTarget) { helpOpen.value = false; } }}>
      <div class="dialog wide" role="dialog" aria-modal="true" aria-label="Keys and help" tabIndex={-1} ref={box} data-testid="help" onKeyDown={press}>
        <header>
          <h2>Keys</h2>
          <label><input type="checkbox" data-testid="letters" checked={settings.letters} onChange={(event) => (keySettings.value = { ...settings, letters: event.currentTarget.checked })} /> single-letter keys</label>
          <button class="button" onClick={() => (keySettings.value = DEFAULT_KEYS)}>Reset</button>
          <button class="button icon plain" aria-label="Close" data-testid="close-help" onClick={() => (helpOpen.value = false)}><Icon name="close" /></button>
        </header>
        <div class="help">
          {groups.map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <ul>
                {ACTIONS.filter((action) => action.group === group).map((action) => (
                  <li key={action.id}>
                    <span>{action.text}</span>
                    <button title="Press to choose another key" aria-label={`Key for ${action.text}`} onClick={() => setMoving(action.id)}>
                      {moving === action.id ? <kbd>press a key…</kbd> : keysOf(action, settings).map((key) => <kbd key={key}>{NAMES[key] ?? key}</kbd>)}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          <section>
            <h3>Pointer</h3>
            <ul>
              <li><span>drag on the time bar</span><span class="muted">move the moment</span></li>
              <li><span>hover with Shift</span><span class="muted">preview a moment</span></li>
              <li><span>wheel, double click</span><span class="muted">zoom the range</span></li>
              <li><span>wheel with Shift</span><span class="muted">pan the range</span></li>
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}

/** Keeps the focus in the dialog while it is open. */
function trap(event: KeyboardEvent, dialog: HTMLElement): void {
  const all = [...dialog.querySelectorAll<HTMLElement>('button, input')];
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement === edge || document.activeElement === dialog && event.shiftKey) {
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
  }
}
