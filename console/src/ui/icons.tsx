// SPDX-License-Identifier: Apache-2.0
import type { JSX } from 'preact';

const PATHS: Readonly<Record<string, string>> = {
  pulse: 'M1 8h3.5L6.5 3l3 10 2-5H15',
  resources: 'M2 3.5h12M2 8h12M2 12.5h12',
  topology: 'M8 2.5v4M8 6.5 3.5 11M8 6.5l4.500 4.500M6.500 2.500h3v0M2 11h3v3H2zM11 11h3v3h-3zM6.500 1h3v3h-3z',
  timeline: 'M2 4h7M5 8h9M3 12h5M12 12h0.1',
  diff: 'M8 2v6M5 5h6M5 13h6',
  logs: 'M3 2h10v12H3zM5.500 5.500h5M5.500 8h5M5.500 10.500h3',
  why: 'M5.500 6a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .8-1 1.700M8 13h0.1',
  recordings: 'M8 2a6 6 0 1 0 .01 0M8 6a2 2 0 1 0 .01 0',
  play: 'M4.500 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  search: 'M7 2.500a4.500 4.500 0 1 0 .01 0M10.500 10.500 14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  theme: 'M8 2a6 6 0 1 0 .01 0M8 2v12M8 4.500h3.800M8 7.500h5M8 10.500h4.500',
  help: 'M5.500 6a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .8-1 1.700M8 13h0.1',
  link: 'M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 0 1 4.500 4.500L11.500 9M9 11.500 7.500 13A3 3 0 0 1 3 8.500L4.500 7',
  slower: 'M8 4 4 8l4 4M13 4 9 8l4 4',
  faster: 'M3 4l4 4-4 4M8 4l4 4-4 4',
};

export function Icon({ name }: { name: string }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill={name === 'play' ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name] ?? ''} />
    </svg>
  );
}
