// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import uFuzzy from '@leeoniya/ufuzzy';
import { getJson } from '../api/client.ts';
import type { Search } from '../api/types.ts';
import { ACTIONS, keysOf } from '../engine/keys.ts';
import { clock, iso, parseTime } from '../engine/time.ts';
import { act, goTo, paletteOpen, paletteText, select, showResource, typeTime } from '../state/actions.ts';
import { keySettings } from '../state/settings.ts';
import { at, cluster, committed, limits, moment, namespace, recorded } from '../state/store.ts';
import { HealthMark, kindName, useLatest } from './parts.tsx';

interface Choice {
  readonly id: string;
  readonly text: string;
  readonly hint: string;
  readonly health?: number;
  readonly run: () => void;
}

const fuzzy = new uFuzzy({ intraMode: 1 });

function commands(): Choice[] {
  const actions = ACTIONS.map((action) => ({ id: action.id, text: action.text, hint: keysOf(action, keySettings.value).map((key) => (key === ' ' ? 'Space' : key)).join(' or '), run: () => act(action.id) }));
  const kinds = (recorded.value?.kinds ?? []).map((kind) => ({ id: `kind ${kind.resource}`, text: kind.name, hint: `show ${kind.kind}s${kind.group === '' ? '' : ` of ${kind.group}`}`, run: () => showResource(kind.resource) }));
  const spaces = (recorded.value?.namespaces ?? []).filter((name) => name !== '').map((name) => ({ id: `ns ${name}`, text: `ns ${name}`, hint: 'only this namespace', run: () => { namespace.value = name; } }));
  return [...actions, ...kinds, ...spaces, { id: 'ns', text: 'ns all', hint: 'all namespaces', run: () => { namespace.value = ''; } }];
}

/** k9s's ways to say it: `po`, `deploy shop`, `ns shop`, a TIME after `@`; else anything that is found. */
function typed(text: string): Choice[] {
  const time = /^(?:@|t\s|goto\s)\s*(.*)$/.exec(text);
  const wanted = time === null ? text : time[1]!;
  const parsed = parseTime(wanted, { now: limits.value.to, moment: committed.value });
  if ('moment' in parsed && (time !== null || /[\d:]/.test(wanted))) {
    return [{ id: 'time', text: `Go to ${iso(parsed.moment)}`, hint: 'time', run: () => goTo(parsed.moment) }];
  }
  if (time !== null) {
    return [{ id: 'time', text: wanted === '' ? 'Type a time' : `Go to ${wanted}`, hint: 'now · 10m · 14:03:22 · 2026-01-31T14:03:22Z · @1769868202 · deploy/checkout~1 · +30s', run: () => void typeTime(wanted) }];
  }
  const [word = '', rest = ''] = text.split(/\s+/, 2);
  const short: Readonly<Record<string, string>> = {
    po: 'pods', deploy: 'deployments', dp: 'deployments', rs: 'replicasets', sts: 'statefulsets', ds: 'daemonsets', svc: 'services', cm: 'configmaps', sec: 'secrets',
    no: 'nodes', ing: 'ingresses', pvc: 'persistentvolumeclaims', pv: 'persistentvolumes', ev: 'events', sa: 'serviceaccounts', cj: 'cronjobs', job: 'jobs', hpa: 'horizontalpodautoscalers', ep: 'endpoints', np: 'networkpolicies',
  };
  const name = short[word] ?? word;
  const kind = recorded.value?.kinds.find((each) => each.name === name || each.kind.toLowerCase() === name);
  return kind === undefined ? [] : [{ id: `typed ${kind.resource}`, text: `${kind.name}${rest === '' ? '' : ` matching ${rest}`}`, hint: 'show', run: () => showResource(kind.resource, rest) }];
}

export function Palette(): JSX.Element {
  const text = paletteText.value.trim();
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const before = useRef<Element | null>(null);
  // Before the next key: who types `g t 14:03` fast loses none of it.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    input.current?.focus();
    return () => (before.current as HTMLElement | null)?.focus?.();
  }, []);
  const all = useMemo(commands, [recorded.value, keySettings.value]);
  const isTime = text.startsWith('@');
  const found = useLatest(text.length < 2 || isTime ? null : `${cluster.value} ${text} ${Math.floor(moment.value / 1000)}`, () => getJson<Search>(at('search'), { q: text, t: moment.value, limit: 20 }));
  const choices = useMemo(() => {
    const names = all.map((choice) => `${choice.text} ${choice.id}`);
    const ids = text === '' || isTime ? [] : fuzzy.search(names, text);
    const listed = ids.length === 0 ? [] : (ids[2] !== null && ids[1] !== null ? ids[2]!.map((i) => all[ids[1]!.idx[i]!]!) : (ids[0] ?? []).map((i) => all[i]!));
    const objects = (found.value?.matches ?? []).map((match) => ({
      id: `object ${match.resource} ${match.namespace} ${match.name}`,
      text: match.name,
      hint: `${kindName(match.resource)}${match.namespace === '' ? '' : ` in ${match.namespace}`}${match.matched === 'name' ? '' : ` · ${match.text}`}`,
      health: match.health,
      run: () => select(match),
    }));
    const first = typed(text);
    return text === '' ? all.slice(0, 60) : [...first, ...objects.slice(0, 12), ...listed.slice(0, 30)];
  }, [text, all, found.value]);
  const elsewhere = found.value?.matches.length === 0 ? found.value.elsewhere : undefined;
  const at0 = Math.min(active, Math.max(choices.length - 1, 0));
  const run = (choice: Choice | undefined): void => {
    if (choice !== undefined) {
      paletteOpen.value = false;
      choice.run();
    }
  };
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at0 + step + choices.length) % Math.max(choices.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(choices[at0]);
    } else if (event.key === 'Tab') {
      event.preventDefault();
    }
  };
  useEffect(() => document.getElementById(`choice-${at0}`)?.scrollIntoView({ block: 'nearest' }), [at0]);
  return (
    <div class="veil" onPointerDown={(event) => { if (event.target === event.currentTarget) { paletteOpen.value = false; } }}>
      <div class="dialog palette" role="dialog" aria-modal="true" aria-label="Go to anything" data-testid="palette">
        <input
          ref={input}
          role="combobox"
          aria-expanded="true"
          aria-controls="choices"
          aria-activedescendant={choices.length > 0 ? `choice-${at0}` : undefined}
          aria-label="Command, resource, object or @time"
          placeholder="Command, resource, object, or @time"
          data-testid="palette-input"
          value={paletteText.value}
          onInput={(event) => { paletteText.value = event.currentTarget.value; setActive(0); }}
          onKeyDown={keys}
        />
        <ul role="listbox" id="choices" aria-label="Choices">
          {choices.map((choice, i) => (
            <li key={choice.id} id={`choice-${i}`} role="option" aria-selected={i === at0} data-testid="choice" onPointerMove={() => setActive(i)} onClick={() => run(choice)}>
              {choice.health !== undefined && <HealthMark health={choice.health} text={false} />}
              <span class="grow ellipsis" title={choice.text}><bdi>{choice.text}</bdi></span>
              <span class="muted ellipsis">{choice.hint}</span>
            </li>
          ))}
        </ul>
        {elsewhere !== undefined && <div class="hint">Nothing of that name at this moment; {elsewhere.count} existed until {clock(elsewhere.at)}. <button class="linklike" onClick={() => { paletteOpen.value = false; goTo(elsewhere.at); }}>Go there</button></div>}
        <div class="hint" role="status">
          <span>{choices.length === 0 ? (found.loading ? 'Searching…' : 'Nothing found') : `${choices.length} choices`}</span>
          <span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> go</span><span><kbd>@</kbd> a time</span><span><kbd>Esc</kbd> close</span>
        </div>
      </div>
    </div>
  );
}
