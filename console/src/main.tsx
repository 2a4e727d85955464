// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact';
import { followLive } from './state/live.ts';
import { followSettings } from './state/settings.ts';
import { followState, start } from './state/store.ts';
import { Shell } from './ui/shell.tsx';

followSettings();
followState();
followLive();
render(<Shell />, document.getElementById('console')!);
void start();
