// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const built = 'target/classes/META-INF/console';
const skip = existsSync(`${built}/index.html`) ? false : 'not built: npm run build';

test('all but the lazily loaded diff editor is at most 150 KB, compressed', { skip }, () => {
  const files = readdirSync(`${built}/assets`).filter((name) => !name.startsWith('merge-') && !name.endsWith('.txt'));
  const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(`${built}/assets/${name}`)).length, gzipSync(readFileSync(`${built}/index.html`)).length);
  console.log(`console bundle: ${(size / 1024).toFixed(1)} KiB compressed`);
  assert.ok(size <= 150_000, `${size} bytes`);
  assert.ok(readdirSync(`${built}/assets`).some((name) => name.startsWith('merge-')), 'the diff editor is a file of its own');
});

test('the page has nothing inline, which its policy forbids, and asks no other origin', { skip }, () => {
  const page = readFileSync(`${built}/index.html`, 'utf8');
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]*src=)|\son\w+=/);
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
    assert.match(address!, /^\/console\/assets\//);
  }
  for (const name of readdirSync(`${built}/assets`).filter((each) => each.endsWith('.css'))) {
    assert.doesNotMatch(readFileSync(`${built}/assets/${name}`, 'utf8'), /@import|url\((?!["']?#)/);
  }
});

test('what is bundled may be given away: MIT, Apache or BSD, with its licence', { skip }, () => {
  const text = readFileSync(`${built}/assets/licences.txt`, 'utf8');
  const heads = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \((.*)\)$/gm)];
  for (const name of ['preact', '@preact/signals', '@dagrejs/dagre', '@codemirror/merge', '@leeoniya/ufuzzy']) {
    assert.ok(heads.some((head) => head[1] === name), `${name} is not named`);
  }
  for (const [, name, licence] of heads) {
    assert.match(licence!, /^(MIT|Apache-2\.0|BSD-[23]-Clause)$/, name);
  }
});
