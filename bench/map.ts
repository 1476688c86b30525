import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../test/e2e/browser.ts';
import { entity, entityId } from './entities.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const THINGS = 5_000;
const LOAD_BATCH = 1_000;
const MERGE_BATCH = 50;
const MERGES_A_SECOND = 10;
const SECONDS = 15;
const WARM_MS = 15_000;
const SETTLE_MS = 4_000; // the first drawing, and the flight to it
const STEP_DEGREES = 0.002;
const COUNTED = /5,?000 things, ([\d,]+) in view/;

const post = async (url: string, operation: string, entities: readonly object[]) => {
  const answer = await fetch(`${url}/ngsi-ld/v1/entityOperations/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(entities),
  });
  if (!answer.ok) throw new Error(`${operation} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
};

const placeOf = (n: number) => entity(n).location.coordinates as [number, number];

const load = async (url: string) => {
  for (let from = 0; from < THINGS; from += LOAD_BATCH)
    await post(
      url,
      'upsert',
      Array.from({ length: LOAD_BATCH }, (_, i) => entity(from + i)),
    );
};

/** Moves things in turn, ten batches a second, until told to stop; counts what the server took. */
const move = (url: string) => {
  const stopping = new AbortController();
  let taken = 0;
  const run = async () => {
    const began = performance.now();
    for (let round = 0; !stopping.signal.aborted; round++) {
      const batch = Array.from({ length: MERGE_BATCH }, (_, i) => {
        const n = (round * MERGE_BATCH + i) % THINGS;
        const [lon, lat] = placeOf(n);
        const coordinates = [
          lon + STEP_DEGREES * Math.cos(round),
          lat + STEP_DEGREES * Math.sin(round),
        ];
        return { id: entityId(n), type: entity(n).type, location: { type: 'Point', coordinates } };
      });
      await post(url, 'merge', batch);
      taken += batch.length;
      await sleep(Math.max(0, began + ((round + 1) * 1000) / MERGES_A_SECOND - performance.now()));
    }
    return taken;
  };
  const done = run();
  return () => {
    stopping.abort();
    return done;
  };
};

/** Runs in the page before its own scripts: keeps what the stream says, to be counted afterwards. */
const KEEP_STREAM = `
  globalThis.heard = [];
  globalThis.EventSource = class extends EventSource {
    constructor(...of) {
      super(...of);
      globalThis.hush = () => this.close();
      for (const name of ['message', 'changes'])
        this.addEventListener(name, ({ data }) => globalThis.heard.push(data));
    }
  };`;

/** Runs in the page: drags the map to and fro, the same way each time, and counts the frames. */
const DRAG = `new Promise((done) => {
  const canvas = document.querySelector('canvas.maplibregl-canvas');
  const box = canvas.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const tell = (type, dx, buttons) => canvas.dispatchEvent(new MouseEvent(type, {
    bubbles: true, cancelable: true, view: window, button: 0, buttons, clientX: x + dx, clientY: y,
  }));
  const times = [];
  globalThis.heard.length = 0;
  tell('mousedown', 0, 1);
  const began = performance.now();
  const step = (now) => {
    times.push(now);
    const seconds = (now - began) / 1000;
    if (seconds < ${SECONDS}) {
      tell('mousemove', 120 * Math.sin(seconds), 1);
      return requestAnimationFrame(step);
    }
    tell('mouseup', 0, 0);
    const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
    const heard = globalThis.heard.map((data) => JSON.parse(data));
    done({
      perSecond: gaps.length / ((times.at(-1) - times[0]) / 1000),
      gapP95: gaps[Math.floor(gaps.length * 0.95)],
      heard: heard.reduce((sum, one) => sum + (Array.isArray(one) ? one.length : 1), 0),
    });
  };
  requestAnimationFrame(step);
})`;
type Drag = { readonly perSecond: number; readonly gapP95: number; readonly heard: number };

const openCity = async (browser: Browser, url: string, ready: RegExp): Promise<Page> => {
  const page = await openPage(browser, url, { language: 'en' });
  await page.addInitScript(KEEP_STREAM);
  await page.goto('/city');
  await page.getByText(ready).first().waitFor();
  await page.locator('canvas.maplibregl-canvas').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForTimeout(SETTLE_MS);
  return page;
};

const drag = async (page: Page): Promise<Drag> => {
  const canvas = page.locator('canvas.maplibregl-canvas');
  const before = await canvas.screenshot();
  const measured = (await page.evaluate(DRAG)) as Drag;
  if (before.equals(await canvas.screenshot())) throw new Error('The map did not follow the drag.');
  return measured;
};

export const bench: Bench = async (report) => {
  await using server = await startServer();
  const browser = await openBrowser();

  const emptyPage = await openCity(browser, server.url, /Nothing matches/);
  // The server and the browser have just begun and still compile: the better of two is the map's own.
  await sleep(WARM_MS);
  const tries = [await drag(emptyPage), await drag(emptyPage)];
  const empty = tries[0]!.perSecond > tries[1]!.perSecond ? tries[0]! : tries[1]!;
  await emptyPage.context().close();
  report({ metric: 'empty map, dragged', value: empty.perSecond, unit: 'frames/s' });
  report({ metric: 'empty map, gap of frames p95', value: empty.gapP95, unit: 'ms' });

  await load(server.url);
  const page = await openCity(browser, server.url, COUNTED);
  const counted = COUNTED.exec(await page.getByText(COUNTED).first().innerText());
  const inView = Number(counted?.[1]?.replaceAll(',', ''));
  report({ metric: 'things in view', value: inView, unit: '' });
  const still = await drag(page);
  const against = 'the empty map';
  report({
    metric: 'with them, nothing changing',
    value: still.perSecond,
    unit: 'frames/s',
    against,
    ratio: still.perSecond / empty.perSecond,
  });

  const stop = move(server.url);
  const began = performance.now();
  const moved = await drag(page);
  const seconds = (performance.now() - began) / 1000;
  const taken = (await stop()) / seconds;

  await page.evaluate('hush()');
  const stopUnheard = move(server.url);
  const unheard = await drag(page);
  await stopUnheard();
  await browser.close();
  report({ metric: 'changes taken by the server', value: taken, unit: '/s' });
  report({ metric: 'changes that reached the page', value: moved.heard / SECONDS, unit: '/s' });
  report({
    metric: 'with them and the changes',
    value: moved.perSecond,
    unit: 'frames/s',
    against,
    ratio: moved.perSecond / empty.perSecond,
  });
  report({ metric: 'with them and the changes, gap p95', value: moved.gapP95, unit: 'ms' });
  report({
    metric: 'the changes sent, but not followed by the page',
    value: unheard.perSecond,
    unit: 'frames/s',
    against,
    ratio: unheard.perSecond / empty.perSecond,
  });
};
