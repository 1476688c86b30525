import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { openBrowser } from '../test/e2e/browser.ts';
import { percentiles } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const SCRIPT_KILOBYTES_MAX = 300;
const LOADS = 5;
const PAGES = ['/', '/city'];
const WIDTHS = [1440, 390];

type Chunk = { file: string; imports?: string[]; isEntry?: boolean };

/** The entry and all that it imports before anything is shown, each file gzipped as the server sends it. */
const firstPageKilobytes = (): number => {
  const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8')) as Record<
    string,
    Chunk
  >;
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const imported of manifest[name]?.imports ?? []) visit(imported);
  };
  for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(name);
  const bytes = [...seen].map(
    (name) => gzipSync(readFileSync(`dist/${manifest[name]!.file}`)).length,
  );
  return bytes.reduce((a, b) => a + b, 0) / 1000;
};

/** Runs in the page: the time of the last largest contentful paint, a second after the load. */
const LARGEST_PAINT = `new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) last = entry.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  setTimeout(() => done(last), 2500);
})`;

export const bench: Bench = async (report) => {
  const kilobytes = firstPageKilobytes();
  report({
    metric: 'scripts of the first page, gzipped',
    value: kilobytes,
    unit: 'kB',
    against: `${SCRIPT_KILOBYTES_MAX} kB`,
    ratio: kilobytes / SCRIPT_KILOBYTES_MAX,
  });
  await using server = await startServer();
  const browser = await openBrowser();
  for (const path of PAGES)
    for (const width of WIDTHS) {
      const times: number[] = [];
      for (let n = 0; n < LOADS; n++) {
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        const page = await context.newPage();
        await page.goto(server.url + path, { waitUntil: 'load' });
        times.push((await page.evaluate(LARGEST_PAINT)) as number);
        await context.close();
      }
      report({
        metric: `largest contentful paint of ${path} at ${width} px, median`,
        value: percentiles(times).p50,
        unit: 'ms',
      });
    }
  await browser.close();
};
