// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const built = 'target/classes/META-INF/console';
const skip = existsSync(`${built}/index.html`) ? false : 'not built: npm run build';

test('all but the lazily loaded diff editor is at most 150 KB, compressed', { skip }, () => {
  const files = readdirSync(`${built}/assets`).filter((name) => !name.startsWith('merge-'));
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
