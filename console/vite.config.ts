// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/** The licences of what is bundled ask to be given along; bundling drops them from the code. */
function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(): void {
      const packages = new Set<string>();
      for (const id of this.getModuleIds()) {
        const found = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
        if (found !== null && existsSync(`node_modules/${found[1]}/package.json`)) {
          packages.add(found[1]!);
        }
      }
      // The worker's bundle is made on its own.
      packages.add('@dagrejs/dagre').add('@dagrejs/graphlib');
      const texts = [...packages].sort().flatMap((name) => {
        const folder = `node_modules/${name}`;
        if (!existsSync(folder)) {
          return [];
        }
        const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string; license: string };
        const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
        return [`${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`];
      });
      this.emitFile({ type: 'asset', fileName: 'assets/licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [licences()],
  build: {
    outDir: 'target/classes/META-INF/console',
    emptyOutDir: true,
    target: 'es2022',
    // The Content-Security-Policy forbids data: for everything but images, and inline scripts at all.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  worker: { format: 'es' },
});
