// SPDX-License-Identifier: Apache-2.0
// The side by side view of two YAML texts; a chunk of its own, loaded when it is wanted.

import { yaml } from '@codemirror/lang-yaml';
import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '12px' },
  '.cm-content': { fontFamily: 'var(--mono)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--removed-back)' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--added-back)' },
  '&.cm-merge-a .cm-changedText': { background: 'color-mix(in srgb, var(--removed) 35%, transparent)' },
  '&.cm-merge-b .cm-changedText': { background: 'color-mix(in srgb, var(--added) 35%, transparent)' },
  '.cm-collapsedLines': { background: 'var(--sunken)', color: 'var(--muted)', padding: '3px 12px', '&:before, &:after': { content: '"···"' } },
});

/** Lines longer than this make the editor slow, and nobody reads them. */
const LONG = 2000;

/** Long lines that both texts have are cut; ones that differ stay whole. */
function shortened(before: string, after: string): [string, string] {
  const [one, other] = [before.split('\n'), after.split('\n')];
  const [ofOne, ofOther] = [new Set(one), new Set(other)];
  const cut = (line: string, others: Set<string>): string => (line.length > LONG && others.has(line) ? `${line.slice(0, 80)}… (${line.length} characters, the same on both sides)` : line);
  return [one.map((line) => cut(line, ofOther)).join('\n'), other.map((line) => cut(line, ofOne)).join('\n')];
}

/**
 * Shows the texts in a shadow root, whose styles the editor adopts: a style element would be against the page's policy.
 *
 * @returns closes it
 */
export function showMerge(parent: HTMLElement, before: string, after: string): () => void {
  const host = document.createElement('div');
  parent.replaceChildren(host);
  const root = host.attachShadow({ mode: 'open' });
  const extensions = [
    lineNumbers(),
    yaml(),
    look,
    EditorView.lineWrapping,
    EditorView.editable.of(false),
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ tabindex: '0' }),
  ];
  const named = (label: string): typeof extensions => [...extensions, EditorView.contentAttributes.of({ 'aria-label': label })];
  const [a, b] = shortened(before, after);
  const view = new MergeView({
    a: { doc: a, extensions: named('before') },
    b: { doc: b, extensions: named('after') },
    parent: root,
    root,
    gutter: true,
    collapseUnchanged: { margin: 3, minSize: 6 },
    diffConfig: { scanLimit: 5000 },
  });
  return () => {
    view.destroy();
    host.remove();
  };
}
