import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

/** Builds the pages into dist/. In development, what the server answers is passed on to it. */
export default defineConfig({
  root: 'src/apps/web',
  plugins: [react()],
  build: {
    outDir: '../../../dist',
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0, // the server's policy refuses data: fonts
    chunkSizeWarningLimit: 1200, // the map and the charts are large, and lazy
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/ngsi-ld', '/openapi.json', '/health', '/reference'].map((path) => [path, SERVER]),
    ),
  },
});
