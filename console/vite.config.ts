// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
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
