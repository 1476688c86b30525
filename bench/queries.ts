import autocannon from 'autocannon';
import { entity } from './entities.ts';
import { percentileRows, percentiles } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const ENTITIES = 200_000;
/** Of this many types: the five of entities.ts in four districts' versions. */
const TYPES = 20;
/** Within which there are some twenty of one type with such a reading. */
const NEAR_METERS = 4_000;
const BATCH = 1000;
const QUESTIONS = 300;
const RETRIEVE_SECONDS = 10;
/** The planner is told of the load within half a minute. */
const SETTLE_MS = 40_000;

/** An entity of entities.ts, as one of the twenty types. */
const thing = (n: number) => {
  const made = entity(n);
  const type = `${made.type}${Math.floor(n / 5) % (TYPES / 5)}`;
  return { ...made, id: `urn:ngsi-ld:${type}:bench-${n}`, type };
};

const post = async (url: string, list: unknown[]) => {
  const answer = await fetch(`${url}/ngsi-ld/v1/entityOperations/upsert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(list),
  });
  if (!answer.ok) throw new Error(`upsert answered ${answer.status}`);
};

const time = async (url: string): Promise<number> => {
  const start = performance.now();
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return performance.now() - start;
};

/** A place within the city, always the same for the same number. */
const placeOf = (n: number) =>
  `[${(121.1 + ((n * 37) % 100) / 100).toFixed(4)},${(29.4 + ((n * 53) % 80) / 100).toFixed(4)}]`;

export const bench: Bench = async (report) => {
  await using server = await startServer();
  const began = performance.now();
  for (let from = 0; from < ENTITIES; from += BATCH)
    await post(
      server.url,
      Array.from({ length: BATCH }, (_, i) => thing(from + i)),
    );
  report({
    metric: `loading ${ENTITIES} entities over HTTP`,
    value: ENTITIES / ((performance.now() - began) / 1000),
    unit: 'entities/s',
  });

  const door = `${server.url}/ngsi-ld/v1/entities`;
  const near = (n: number) =>
    `${door}?type=AirQualityObserved${n % (TYPES / 5)}&q=reading%3E50&georel=near%3BmaxDistance%3D%3D${NEAR_METERS}&geometry=Point&coordinates=${encodeURIComponent(placeOf(n))}&limit=20`;
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  for (let n = 0; n < 20; n++) await time(near(n));
  const nears: number[] = [];
  for (let n = 0; n < QUESTIONS; n++) nears.push(await time(near(n)));
  for (const row of percentileRows('type + q range + 4 km near, 20 results', nears)) report(row);

  const ids: number[] = [];
  for (let n = 0; n < QUESTIONS; n++)
    ids.push(await time(`${door}/${encodeURIComponent(thing((n * 613) % ENTITIES).id)}`));
  for (const row of percentileRows('one entity by id', ids)) report(row);

  const { requests, latency, non2xx } = await autocannon({
    url: server.url,
    connections: 64,
    duration: RETRIEVE_SECONDS,
    setupClient: (client) =>
      client.setRequests(
        Array.from({ length: 500 }, (_, n) => ({
          method: 'GET' as const,
          path: `/ngsi-ld/v1/entities/${thing((n * 397) % ENTITIES).id}`,
        })),
      ),
  });
  if (non2xx > 0) throw new Error(`${non2xx} were not answered`);
  report({ metric: 'retrieve by id, 64 at once', value: requests.average, unit: '/s' });
  report({ metric: 'retrieve p50', value: latency.p50, unit: 'ms' });
  report({ metric: 'retrieve p99', value: latency.p99, unit: 'ms' });

  const maps: number[] = [];
  for (let n = 0; n < 30; n++)
    maps.push(await time(`${server.url}/api/context/map?bbox=121.5,29.8,121.65,29.95`));
  const { p50 } = percentiles(maps);
  report({ metric: 'map of what is in view, p50', value: p50, unit: 'ms' });
};
