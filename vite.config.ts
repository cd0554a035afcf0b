/** The renderer's build: what the browser host serves and what Electron's window loads. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    modulePreload: { polyfill: false },
    // The content security policy allows fonts and scripts from files only, never from data: addresses.
    assetsInlineLimit: 0,
    // One chunk, most of it React and the texts: screens in chunks of their own made the first picture later, not earlier
    // (`npm run bench -- start`), and one that is opened while the station is away could not be shown.
    chunkSizeWarningLimit: 900,
  },
});
