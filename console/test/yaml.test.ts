// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bigValues, yamlLines } from '../src/engine/yaml.ts';

test('lines keep every character and know their keys', () => {
  const text = 'kind: Pod\nspec:\n  containers:\n  - name: web\n    image: "a:1"\n  - name: web\nstatus: {}\n';
  const lines = yamlLines(text);
  assert.deepEqual(lines.map((line) => line.key), ['kind', 'spec', 'containers', 'name', 'image', 'name', 'status']);
  assert.equal(lines[4]!.value, '"a:1"');
  assert.equal(lines[4]!.path, '/spec/containers/image'.slice(1));
  assert.equal(lines.map((line) => line.indent + line.dash + line.key + (line.key === '' ? '' : ':') + (line.value === '' ? '' : ' ') + line.value).join('\n') + '\n', text);
});

test('a value of 256 KB is collapsed and says its size', () => {
  const big = 'x'.repeat(256 * 1024);
  const [, line] = bigValues(yamlLines(`a: 1\nb: ${big}\n`));
  assert.equal(line!.size, 256 * 1024);
  const block = bigValues(yamlLines(`a: |\n${'  line\n'.repeat(2000)}b: 2\n`));
  assert.deepEqual(block.map((each) => each.key), ['a', 'b']);
  assert.equal(block[0]!.size, 14_000);
});
