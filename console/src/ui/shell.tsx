// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { KeyReader, pressed } from '../engine/keys.ts';
import { SCREENS, writePlace, type Screen } from '../engine/link.ts';
import { clockMillis, day, duration } from '../engine/time.ts';
import { act, copyLink, goLive, helpOpen, openPalette, paletteOpen, select, setSpeed, show, togglePlay } from '../state/actions.ts';
import { skew, trouble } from '../state/connection.ts';
import { retryFailed } from '../state/latest.ts';
import { keySettings, theme, type Theme } from '../state/settings.ts';
import {
  cluster, clusters, failure, following, moment, notice, openRecording, place, playing, preview, recording, screen, selection, speed, start,
  version, windowLoading, windowProblem, ensureWindow, committed, recorded,
} from '../state/store.ts';
import { Diff } from './diff.tsx';
import { Drawer } from './drawer.tsx';
import { Help } from './help.tsx';
import { Icon } from './icons.tsx';
import { Logs } from './logs.tsx';
import { Palette } from './palette.tsx';
import { ProblemNote } from './parts.tsx';
import { Pulse } from './pulse.tsx';
import { Recordings } from './recordings.tsx';
import { Resources } from './resources.tsx';
import { Badge, TimeBar } from './timebar.tsx';
import { Timeline } from './timeline.tsx';
import { Topology } from './topology.tsx';
import { Why } from './why.tsx';

export const TITLES: Readonly<Record<Screen, string>> = {
  pulse: 'Pulse',
  resources: 'Resources',
  topology: 'Topology',
  timeline: 'Timeline',
  diff: 'Diff A..B',
  logs: 'Logs',
  why: 'Why',
  recordings: 'Recordings',
};

const VIEWS: Readonly<Record<Screen, () => JSX.Element>> = {
  pulse: Pulse,
  resources: Resources,
  topology: Topology,
  timeline: Timeline,
  diff: Diff,
  logs: Logs,
  why: Why,
  recordings: Recordings,
};

function Brand(): JSX.Element {
  return (
    <span class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke-linecap="round">
        <path d="M3 16h26" stroke="var(--strong)" stroke-width="3.500" />
        <path d="M3 16h14" stroke="var(--accent)" stroke-width="3.500" />
        <circle cx="18" cy="16" r="6.500" fill="var(--accent)" />
      </svg>
      <span>Traversion</span>
    </span>
  );
}

function Head(): JSX.Element {
  const at = moment.value;
  return (
    <header class="head">
      <Brand />
      {clusters.value.length > 1 && (
        <select class="field cluster" aria-label="Cluster" value={cluster.value} onChange={(event) => void openRecording(event.currentTarget.value)}>
          {clusters.value.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      <Badge />
      <button class="button plain stamp" title="Type a time (g t)" data-testid="moment" onClick={() => act('type-time')}>
        <span>
          <small>{day(at)}</small>
          {clockMillis(at)}
          <small> UTC</small>
        </span>
      </button>
      <div class="transport" role="group" aria-label="Play">
        <button class="button icon plain" aria-label="Slower" title="Slower (J)" onClick={() => setSpeed(-1)}>
          <Icon name="slower" />
        </button>
        <button class="button icon" aria-label={playing.value ? 'Pause' : 'Play'} title="Play / pause (Space)" data-testid="play" onClick={() => togglePlay()}>
          <Icon name={playing.value ? 'pause' : 'play'} />
        </button>
        <button class="button icon plain" aria-label="Faster" title="Faster (L)" onClick={() => setSpeed(1)}>
          <Icon name="faster" />
        </button>
        <span class="speed muted" data-testid="speed">
          {speed.value}×
        </span>
        {(recording.value?.live ?? false) && (
          <button class="button" aria-pressed={following.value} data-testid="go-live" onClick={goLive}>
            Live
          </button>
        )}
      </div>
      <span class="grow" />
      {Math.abs(skew.value) > 5000 && (
        <span class="muted" title="Times are the server's; only this browser's clock is off" data-testid="skew">
          this computer’s clock is {duration(skew.value)} {skew.value > 0 ? 'ahead' : 'behind'}
        </span>
      )}
      <button class="button" aria-label="Go to anything" title="Go to anything (Ctrl K)" data-testid="open-palette" onClick={() => openPalette('')}>
        <Icon name="search" />
        <span class="muted">Go to anything</span> <kbd>Ctrl K</kbd>
      </button>
      <button class="button icon" aria-label="Copy link" title="Copy a link to what is shown (C)" data-testid="copy-link" onClick={() => void copyLink()}>
        <Icon name="link" />
      </button>
      <button class="button icon" aria-label={`Theme: ${theme.value}`} title={`Theme: ${theme.value}`} data-testid="theme" onClick={nextTheme}>
        <Icon name="theme" />
      </button>
      <button class="button icon" aria-label="Keys and help" title="Keys and help (?)" data-testid="open-help" onClick={() => (helpOpen.value = true)}>
        <Icon name="help" />
      </button>
    </header>
  );
}

function nextTheme(): void {
  const themes: Theme[] = ['system', 'dark', 'light'];
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
}

function Nav(): JSX.Element {
  return (
    <nav class="nav" aria-label="Screens">
      {SCREENS.map((each) => (
        <a
          key={each}
          href={import.meta.env.BASE_URL + writePlace({ ...place(), screen: each })}
          aria-current={screen.value === each ? 'page' : undefined}
          data-testid={`nav-${each}`}
          onClick={(event) => {
            if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
              event.preventDefault();
              show(each);
            }
          }}
        >
          <Icon name={each} />
          <span>{TITLES[each]}</span>
        </a>
      ))}
      <div class="foot wrap">
        {recording.value !== null && (
          <>
            {recording.value.user !== '' && <div>as <bdi>{recording.value.user}</bdi></div>}
            <div>Kubernetes {recording.value.serverVersion}</div>
            <div>Traversion {version.value}</div>
          </>
        )}
      </div>
    </nav>
  );
}

/** What stands in the way, over what was last known to be true. */
function Trouble(): JSX.Element | null {
  const problem = trouble.value;
  if (problem === null || recording.value === null) {
    return null;
  }
  return (
    <div class="trouble" role="alert" data-testid="trouble">
      <h2>{problem.isExpired ? 'The session has ended' : problem.title}</h2>
      <p class="wrap">{problem.detail}</p>
      <p class="wrap muted">{problem.next !== '' ? problem.next : problem.isExpired ? 'Open the console again: kubectl traversion open, or kubectl traversion console. Then this page goes on.' : ''}</p>
      <div>
        <span class="muted">What is shown is the last known state. </span>
        <button class="button" data-testid="retry" onClick={retry}>
          Retry now
        </button>
      </div>
    </div>
  );
}

function retry(): void {
  if (recorded.value === null) {
    void ensureWindow(committed.value);
  }
  retryFailed();
}

function useKeys(): void {
  const reader = useRef(new KeyReader());
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const key = pressed(event);
      if (key === 'Escape') {
        closeTopmost();
        return;
      }
      if (key === null || event.defaultPrevented || paletteOpen.value) {
        return;
      }
      const writes = target.matches('input, textarea, select, [contenteditable=true]') || target.closest('.cm-editor') !== null;
      const owns = target.matches('button, a, [role=tab]') && (key === ' ' || key === 'Enter');
      if ((writes && !key.startsWith('Ctrl+')) || owns || (helpOpen.value && key !== '?')) {
        return;
      }
      const action = reader.current.read(key, performance.now(), keySettings.value);
      if (action !== null) {
        event.preventDefault();
        if (action !== 'prefix') {
          act(action);
        }
      }
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

function closeTopmost(): void {
  if (paletteOpen.value) {
    paletteOpen.value = false;
  } else if (helpOpen.value) {
    helpOpen.value = false;
  } else if (preview.value !== null) {
    preview.value = null;
  } else if (selection.value !== null) {
    select(null);
  }
}

export function Shell(): JSX.Element {
  useKeys();
  useEffect(() => {
    document.title = `${TITLES[screen.value]} · Traversion`;
  }, [screen.value]);
  if (recording.value === null) {
    return <Start />;
  }
  const View = VIEWS[screen.value];
  return (
    <div class="shell">
      <Head />
      <TimeBar />
      <Nav />
      <div class={`main ${preview.value === null ? '' : 'previewing'}`}>
        <main class="screen" data-testid={`screen-${screen.value}`} aria-busy={windowLoading.value && recorded.value === null}>
          {windowProblem.value !== null && <ProblemNote problem={windowProblem.value} again={() => void ensureWindow(committed.value)} />}
          <View />
        </main>
        {selection.value !== null && <Drawer />}
      </div>
      {paletteOpen.value && <Palette />}
      {helpOpen.value && <Help />}
      <Trouble />
      <div class="toast" role="status" aria-live="polite" data-testid="notice">
        {notice.value}
      </div>
    </div>
  );
}

/** Before there is a recording to show. */
function Start(): JSX.Element {
  const problem = failure.value;
  return (
    <main class="start">
      <div class="empty">
        <Brand />
        {problem === null ? (
          <p role="status">Opening the recording…</p>
        ) : (
          <>
            <h1>{problem.isExpired ? 'This page needs a session' : problem.title}</h1>
            <p class="wrap" role="alert" data-testid="start-problem">
              {problem.detail}
            </p>
            <p class="wrap">{problem.next !== '' ? problem.next : problem.isExpired ? 'Run kubectl traversion open RECORDING, or kubectl traversion console, and follow its link. This page then goes on by itself.' : ''}</p>
            <button class="button" data-testid="retry" onClick={() => void start()}>
              Retry
            </button>
          </>
        )}
      </div>
    </main>
  );
}
