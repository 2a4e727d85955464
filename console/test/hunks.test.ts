// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunk } from '../src/engine/hunks.ts';

test('only what differs is shown, with a line around it and the number of those left out', () => {
  assert.deepEqual(hunk('a\nb\nc\nd\ne\nf', 'a\nb\nc\nX\ne\nf'), { before: 'c\nd\ne', after: 'c\nX\ne', above: 2, below: 1 });
  assert.deepEqual(hunk('1', '2'), { before: '1', after: '2', above: 0, below: 0 });
  assert.deepEqual(hunk('a\na', 'a\na\na'), { before: 'a', after: 'a\na', above: 1, below: 0 }, 'no line counts as head and tail');
});
