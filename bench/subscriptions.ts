import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { entity } from './entities.ts';
import { PATCHED, patches } from './patches.ts';
import { percentileRows } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const SUBSCRIPTIONS = 10_000;
const MAKERS = 16;
const BATCH = 100;
/** The entity whose changes are timed from the request to the receiver, this often. */
const WATCHED = 'urn:ngsi-ld:Sluice:bench';
const WATCHED_EVERY_MS = 50;
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

/** A receiver in this process: how many came, and how long those of the watched entity took, in ms. */
const openReceiver = async () => {
  const seen = { count: 0, times: [] as number[] };
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const now = Date.now();
    reply.writeHead(200).end();
    seen.count += 1;
    const [told] = (JSON.parse(text) as { data: { id: string; sent?: { value: number } }[] }).data;
    if (told?.id === WATCHED && told.sent) seen.times.push(now - told.sent.value);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
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

/** Changes the watched entity every so often until told to stop. */
const changeWatched = (url: string) => {
  let ended = false;
  const work = (async () => {
    while (!ended) {
      await send('PATCH', `${url}/ngsi-ld/v1/entities/${WATCHED}`, { sent: Date.now() });
      await pause(WATCHED_EVERY_MS);
    }
  })();
  return async () => {
    ended = true;
    await work;
  };
};

const perSecond = async (url: string, rate?: number): Promise<number> => {
  const result = await patches(url, SECONDS, rate);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result.requests.average;
};

/** Single PATCH with subscriptions, and how soon a receiver is told. */
export const bench: Bench = async (report) => {
  const receiver = await openReceiver();
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
    receiver.seen.times = [];
    const stop = changeWatched(url);
    const value = await perSecond(url, rate);
    await stop();
    await pause(1000);
    report({ metric: what, value, unit: '/s', against, ratio: value / alone });
    for (const row of percentileRows(`${what}: delivery`, receiver.seen.times)) report(row);
  };

  const one = subscription('one', receiver.url, { entities: [{ type: 'Sluice', id: WATCHED }] });
  await send('POST', `${door}/subscriptions`, one);
  await timed('PATCH, 1 subscription');
  await timed('PATCH, 1 subscription, calm', alone * CALM);

  await addIdle(url, receiver.url);
  await timed(`PATCH, ${SUBSCRIPTIONS} subscriptions`);
  await timed(`PATCH, ${SUBSCRIPTIONS} subscriptions, calm`, alone * CALM);

  // One that is to be told of every change there is.
  const all = subscription('all', receiver.url, { entities: [{ type: '*' }] });
  await send('POST', `${door}/subscriptions`, all);
  receiver.seen.count = 0;
  const told = await perSecond(url);
  const delivered = receiver.seen.count / SECONDS;
  const metric = 'PATCH, each of them told';
  report({ metric, value: told, unit: '/s', against, ratio: told / alone });
  report({ metric: 'deliveries meanwhile', value: delivered, unit: '/s' });
  receiver.server.closeAllConnections();
  receiver.server.close();
};
