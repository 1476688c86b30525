import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { entity } from './entities.ts';
import { PATCHED, patches } from './patches.ts';
import { percentileRows } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';
import type { Asked, Seen, Watched } from './watcher.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const SUBSCRIPTIONS = 10_000;
const MAKERS = 16;
const BATCH = 100;
/** The entity whose changes are timed from the request to the receiver, this often. */
const WATCHED = 'urn:ngsi-ld:Sluice:bench';
const WATCHED_EVERY_MS = 50;
/** What comes later than this after the last change is not counted. */
const LATE_MS = 1_000;
/** What a server is meant to bear for long: delivery is timed at full speed and at this share of it. */
const CALM = 0.7;

const send = async (method: string, url: string, body: unknown) => {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answer.arrayBuffer();
  if (answer.status >= 300) throw new Error(`${method} ${url} answered ${answer.status}`);
};

/** The receiver, which also changes the watched entity between `change` and `rest`. */
const openWatcher = async () => {
  const worker = new Worker(new URL('watcher.ts', import.meta.url), {
    workerData: { id: WATCHED, everyMs: WATCHED_EVERY_MS, lateMs: LATE_MS } satisfies Watched,
  });
  const ask = (asked: Asked) => worker.postMessage(asked, []);
  const [url] = (await once(worker, 'message')) as [string];
  return {
    url,
    change: (door: string) => ask({ change: door }),
    /** What was seen since the last rest. */
    rest: async (): Promise<Seen> => {
      ask({ rest: true });
      const [seen] = (await once(worker, 'message')) as [Seen];
      return seen;
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
};

const subscription = (id: string, uri: string, more: object) => ({
  id: `urn:ngsi-ld:Subscription:${id}`,
  type: 'Subscription',
  notification: { endpoint: { uri } },
  ...more,
});

/** Such as a city has, none of which is to be told: of other entities, other attributes, other values, other places. */
const idle = (n: number): object => {
  const type = (entity(n) as { type: string }).type;
  switch (n % 4) {
    case 0:
      return { entities: [{ type, id: `urn:ngsi-ld:${type}:elsewhere-${n}` }] };
    case 1:
      return { entities: [{ type }], watchedAttributes: [`reading${n}`] };
    case 2:
      return { entities: [{ type: `${type}${n}` }], q: 'batteryLevel<10' };
    default:
      return {
        entities: [{ type, idPattern: `.*:elsewhere-${n}$` }],
        watchedAttributes: ['note'],
        geoQ: { georel: 'near;maxDistance==500', geometry: 'Point', coordinates: [121.5, 29.8] },
      };
  }
};

const addIdle = async (url: string, uri: string) => {
  let next = 0;
  await Promise.all(
    Array.from({ length: MAKERS }, async () => {
      while (next < SUBSCRIPTIONS) {
        const n = next++;
        const body = subscription(`idle-${n}`, uri, idle(n));
        await send('POST', `${url}/ngsi-ld/v1/subscriptions`, body);
      }
    }),
  );
};

const perSecond = async (url: string, rate?: number): Promise<number> => {
  const result = await patches(url, SECONDS, rate);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
};

/** Single PATCH with subscriptions, and how soon a receiver is told. */
export const bench: Bench = async (report) => {
  await using watcher = await openWatcher();
  await using server = await startServer({ env: { EGRESS_ALLOW: '127.0.0.1' } });
  const { url } = server;
  const door = `${url}/ngsi-ld/v1`;
  for (let from = 0; from < PATCHED; from += BATCH)
    await send(
      'POST',
      `${door}/entityOperations/upsert`,
      Array.from({ length: BATCH }, (_, i) => entity(from + i)),
    );
  await send('POST', `${door}/entities`, { id: WATCHED, type: 'Sluice', sent: 0 });

  await perSecond(url); // warm
  const alone = await perSecond(url);
  report({ metric: 'PATCH, no subscription', value: alone, unit: '/s' });
  const against = 'PATCH without subscriptions';

  const timed = async (what: string, rate?: number) => {
    watcher.change(door);
    const value = await perSecond(url, rate);
    const { times } = await watcher.rest();
    report({ metric: what, value, unit: '/s', against, ratio: value / alone });
    for (const row of percentileRows(`${what}: delivery`, times)) report(row);
  };

  const one = subscription('one', watcher.url, { entities: [{ type: 'Sluice', id: WATCHED }] });
  await send('POST', `${door}/subscriptions`, one);
  await timed('PATCH, 1 subscription');
  await timed('PATCH, 1 subscription, calm', alone * CALM);

  await addIdle(url, watcher.url);
  await timed(`PATCH, ${SUBSCRIPTIONS} subscriptions`);
  await timed(`PATCH, ${SUBSCRIPTIONS} subscriptions, calm`, alone * CALM);

  // One that is to be told of every change there is.
  const all = subscription('all', watcher.url, { entities: [{ type: '*' }] });
  await send('POST', `${door}/subscriptions`, all);
  const told = await perSecond(url);
  const delivered = (await watcher.rest()).count / (SECONDS + LATE_MS / 1000);
  const metric = 'PATCH, each of them told';
  report({ metric, value: told, unit: '/s', against, ratio: told / alone });
  report({ metric: 'deliveries meanwhile', value: delivered, unit: '/s' });
};
