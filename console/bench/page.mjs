// SPDX-License-Identifier: Apache-2.0
// Measures the console's page in Chromium: node page.mjs LINK [SECONDS OF PLAYING, 0 for none]
// Times of scripts are CPU time of the page's thread, so that a busy machine does not spoil them.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [link, playing = '0'] = process.argv.slice(2);
const begun = performance.now();
const STEPS = 200;
/** How often the heap is looked at while it plays. */
const LOOKS = 20;
/** By how much the heap may be larger than before at any of these, MiB. */
const GROWTH = 32;
const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
if (program === undefined) {
  console.log('page                               not measured: there is no chromium (apt-get install chromium)');
  process.exit(0);
}
const profile = mkdtempSync(join(tmpdir(), 'page-bench-'));
const chromium = spawn(
  program,
  ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1400,900', 'about:blank'],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);
const pending = new Map();
let last = 0;
let rest = '';
chromium.stdio[4].setEncoding('utf8').on('data', (text) => {
  const messages = (rest + text).split('\0');
  rest = messages.pop();
  for (const message of messages) {
    const { id, result, error } = JSON.parse(message);
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) {
      waiting?.done(result);
    } else {
      waiting?.fail(new Error(error.message));
    }
  }
});

function send(method, params = {}, sessionId = undefined) {
  return new Promise((done, fail) => {
    pending.set(++last, { done, fail });
    chromium.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const share = (sorted, of) => sorted[Math.floor((sorted.length - 1) * of)].toFixed(1);

try {
  const { targetInfos } = await send('Target.getTargets');
  const { sessionId } = await send('Target.attachToTarget', { targetId: targetInfos.find((each) => each.type === 'page').targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  };
  const until = async (what, expression) => {
    for (let i = 0; !(await evaluate(expression)); i++) {
      if (i > 1200) {
        throw new Error(`${what} did not come: ${await evaluate('document.body.innerText.slice(0, 300)')}`);
      }
      await sleep(100);
    }
  };
  await page('Page.enable');
  await page('Performance.enable', { timeDomain: 'threadTicks' });
  const scripts = async () => (await page('Performance.getMetrics')).metrics.find((each) => each.name === 'ScriptDuration').value * 1000;
  await page('Page.addScriptToEvaluateOnNewDocument', {
    source: `new MutationObserver((_, observer) => {
      if (document.querySelector('[data-testid=tiles] button') !== null) {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (globalThis.firstPicture = performance.now())));
      }
    }).observe(document, { childList: true, subtree: true });`,
  });
  console.log(`browser started                    ${(performance.now() - begun).toFixed(0)} ms   (in which the server reads ahead)`);
  await page('Page.navigate', { url: link });
  await until('the first picture', 'globalThis.firstPicture > 0');
  console.log(`first picture                      ${(await evaluate('firstPicture')).toFixed(0)} ms   (target 1500)`);
  await until('the whole window', `document.querySelector('main').ariaBusy !== 'true' && performance.getEntriesByType('resource').filter((each) => each.name.includes('/index?')).length > 1`);
  await sleep(2000);
  for (const screen of ['pulse', 'resources', 'timeline', 'topology']) {
    await evaluate(`document.querySelector('[data-testid=nav-${screen}]').click()`);
    await until(screen, `document.querySelector('[data-testid=screen-${screen}]') !== null`);
    await sleep(2000);
    const millis = [];
    for (let step = 0; step < STEPS; step++) {
      // Back and forth over a third of the bar, as somebody drags who looks for something.
      const at = 0.5 + 0.16 * Math.sin(step / 12);
      const before = await scripts();
      await evaluate(`new Promise((done) => {
        const bar = document.querySelector('[data-testid=timebar]');
        bar.setPointerCapture = () => {};
        const box = bar.getBoundingClientRect();
        const event = (type) => new PointerEvent(type, { bubbles: true, clientX: box.left + box.width * ${at}, clientY: box.top + 20, pointerId: 1, button: 0 });
        if (${step === 0}) {
          bar.dispatchEvent(event('pointerdown'));
        }
        bar.dispatchEvent(event('pointermove'));
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
      })`);
      millis.push((await scripts()) - before);
    }
    await evaluate(`document.querySelector('[data-testid=timebar]').dispatchEvent(new PointerEvent('pointerup', { bubbles: true, pointerId: 1 }))`);
    millis.sort((a, b) => a - b);
    console.log(`scripts of a frame, ${screen.padEnd(14)} p50 ${share(millis, 0.5)} ms   p95 ${share(millis, 0.95)} ms   (target p95 8)`);
  }
  if (Number(playing) > 0) {
    await evaluate(`document.querySelector('[data-testid=nav-pulse]').click()`);
    const press = (...keys) => evaluate(`for (const key of ${JSON.stringify(keys)}) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))`);
    const heap = async () => {
      await page('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await page('Runtime.getHeapUsage');
      // Typed arrays, which the window of versions is made of, stand beside the heap.
      return (usedSize + backingStorageSize) / 2 ** 20;
    };
    const before = await heap();
    await press('l', 'l', 'l', 'l', 'l', 'l', 'l', 'l');
    const heaps = [];
    for (let look = 0; look < LOOKS; look++) {
      // Over and over again: at 100 times an hour is short.
      if (await evaluate(`document.querySelector('[data-testid=play]').ariaLabel === 'Play'`)) {
        await evaluate(`document.querySelector('[data-testid=thumb-a]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))`);
        await press(' ');
      }
      await sleep((Number(playing) * 1000) / LOOKS);
      heaps.push(await heap());
    }
    const speed = await evaluate(`document.querySelector('[data-testid=speed]').textContent`);
    console.log(
      `live memory of the page            ${before.toFixed(0)} MiB before, at most ${Math.max(...heaps).toFixed(0)} and in the end ${heaps[LOOKS - 1].toFixed(0)} MiB, playing for ${playing} s at ${speed}   (target: at most ${(before + GROWTH).toFixed(0)})`,
    );
  }
} finally {
  chromium.kill();
  await new Promise((done) => chromium.once('exit', done));
  rmSync(profile, { recursive: true, force: true });
}
