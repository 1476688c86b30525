import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { standCity } from './stand.ts';
import { tinyPmtiles } from './tiny-pmtiles.ts';

/** Any web server that answers ranges will do for a PMTiles archive. */
const archive = tinyPmtiles();
const ranges: string[] = [];
const store = createServer((request, answer) => {
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'range' };
  if (request.method === 'OPTIONS') return void answer.writeHead(204, cors).end();
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
  ranges.push(request.headers.range ?? '');
  const part = archive.subarray(Number(from), Number(to) + 1);
  answer
    .writeHead(206, {
      ...cors,
      'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${archive.length}`,
      'content-length': part.length,
    })
    .end(part);
});
await new Promise<void>((done) => store.listen(0, '127.0.0.1', done));
const { port } = store.address() as AddressInfo;

const folder = mkdtempSync(join(tmpdir(), 'sanjiang-based-'));
cpSync('cities/ningbo', folder, { recursive: true });
const profile = JSON.parse(readFileSync(join(folder, 'city.json'), 'utf8')) as object;
writeFileSync(
  join(folder, 'city.json'),
  JSON.stringify({ ...profile, baseMap: `http://127.0.0.1:${port}/tiny.pmtiles` }),
);
afterAll(() => {
  store.closeAllConnections();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const city = standCity({ AUTH: 'off', CITY: folder });

/** The colour at a place of the map, from what is seen. */
const colourAt = async (page: Page, east: number, south: number): Promise<readonly number[]> => {
  const box = (await page.locator('canvas.maplibregl-canvas').boundingBox())!;
  const clip = { x: box.x + box.width * east, y: box.y + box.height * south, width: 1, height: 1 };
  const png = (await page.screenshot({ clip })).toString('base64');
  // Runs in the page, whose types the server's programs do not know.
  return page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png}'), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
  })()`);
};
/** The land of the light scheme; without a base map the open sea is water. */
const LAND = [0xf4, 0xf5, 0xf0];

test('a base map of vector tiles in one PMTiles archive is drawn below the city', async () => {
  const page = await city.openPage();
  await page.goto('/city');
  await page.locator('canvas.maplibregl-canvas').waitFor();
  await expect
    .poll(() => colourAt(page, 0.93, 0.5), { timeout: 30_000, interval: 500 })
    .toEqual(LAND);
  expect(ranges.length).toBeGreaterThanOrEqual(2);
  expect(page.faults).toEqual([]);
});
