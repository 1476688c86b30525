/**
 * The whole server, killed without warning in the middle of its work and started again on the same folder: what it
 * acknowledged is there, and what was sent again is there once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '#kernel/database';
import { makeDataFolder } from '../test/city.ts';
import { killServers, type Server, startServer } from './server.ts';

const PORT = '21900';
const MQTT_PORT = '21901';
const ENV = { PORT, MQTT_PORT };
const MESSAGES = 10_000;
const ROUNDS = 3;
const WRITERS = 16;
const LIMIT_MS = 240_000;
const ENTITIES = '/ngsi-ld/v1/entities';
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

const mosquittoPub = process.env['TEST_MOSQUITTO_PUB'] ?? 'mosquitto_pub';
const hasMosquitto = spawnSync(mosquittoPub, ['--help']).error === undefined;

let folder: string;
beforeAll(async () => {
  folder = await makeDataFolder();
}, LIMIT_MS);
afterAll(() => {
  killServers();
  rmSync(folder, { recursive: true, force: true });
});

const register = async (server: Server, id: string) => {
  const answer = await fetch(`${server.url}/api/sensing/devices`, {
    method: 'POST',
    headers: server.headers,
    body: JSON.stringify({
      id,
      name: { zh: '计数器', en: 'Counter' },
      class: 'I20.1/counter',
      entity: `urn:ngsi-ld:Device:${id}`,
      entityType: 'Device',
    }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { secret: string }).secret;
};

const messagesOf = async (server: Server, id: string) => {
  const answer = await fetch(`${server.url}/api/sensing/devices/${id}`);
  return ((await answer.json()) as { messages: number }).messages;
};

/** Every value of `n` in the histories of these entities, as often as it is there, in order. */
const listKept = async (like: string): Promise<Map<string, number[]>> => {
  await using database = await openDatabase({ folder: join(folder, 'db') }, QUIET);
  const rows = await database.query<{ entity: string; kept: number[] }>(
    `select h.entity, array_agg((i ->> 'value')::int order by (i ->> 'value')::int) as kept
     from context.history h, jsonb_each(h.attributes) a (name, instances), jsonb_array_elements(a.instances) i
     where h.entity like $1 and a.name ~ '(^|[/:])n$' group by h.entity`,
    [like],
  );
  return new Map(rows.map(({ entity, kept }) => [entity, kept]));
};

test.skipIf(!hasMosquitto)(
  '10,000 messages of mosquitto_pub at QoS 1 are each kept exactly once through a kill -9 (mosquitto_pub)',
  { timeout: LIMIT_MS },
  async () => {
    const first = await startServer(folder, ENV);
    const secret = await register(first, 'counter');
    const sender = spawn(
      mosquittoPub,
      [
        '-p',
        MQTT_PORT,
        '-u',
        'counter',
        '-P',
        secret,
        '-q',
        '1',
        '-l',
        '-t',
        'devices/counter/readings',
      ],
      { stdio: ['pipe', 'inherit', 'inherit'] },
    );
    const ended = once(sender, 'exit');
    const lines = Array.from({ length: MESSAGES }, (_, n) => `{"n":${n}}\n`);
    Readable.from(lines).pipe(sender.stdin);

    while ((await messagesOf(first, 'counter')) < MESSAGES / 5) await pause(50);
    await first.kill();
    expect(sender.exitCode).toBeNull();
    const second = await startServer(folder, ENV);
    expect(await ended).toEqual([0, null]);
    expect(await messagesOf(second, 'counter')).toBeGreaterThanOrEqual(MESSAGES / 5);
    await second.kill();

    const kept = await listKept('urn:ngsi-ld:Device:counter');
    expect(kept.get('urn:ngsi-ld:Device:counter')).toEqual(
      Array.from({ length: MESSAGES }, (_, n) => n),
    );
  },
);

/** Writes until the server is gone: each writer its own entity, created once and then changed again and again. */
const writeUntilGone = async (server: Server, round: number, promised: Map<string, number[]>) => {
  const writer = async (w: number) => {
    const id = `urn:ngsi-ld:Promise:${round}-${w}`;
    const send = (method: string, path: string, body: object) =>
      fetch(server.url + path, { method, headers: server.headers, body: JSON.stringify(body) });
    for (let n = 0; ; n++) {
      const answer =
        n === 0
          ? await send('POST', ENTITIES, { id, type: 'Promise', n })
          : await send('PATCH', `${ENTITIES}/${id}`, { n });
      if (answer.status !== 201 && answer.status !== 204)
        throw new Error(`${answer.status}: ${await answer.text()}`);
      promised.set(id, [...(promised.get(id) ?? []), n]);
    }
  };
  return Promise.allSettled(Array.from({ length: WRITERS }, (_, w) => writer(w)));
};

test(
  'every write that was acknowledged is in the state and in the history after a kill -9, three times over',
  { timeout: LIMIT_MS },
  async () => {
    const promised = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startServer(folder, ENV);
      const writing = writeUntilGone(server, round, promised);
      const isBusy = () => [...promised.keys()].filter((id) => id.includes(`:${round}-`)).length;
      while (isBusy() < WRITERS) await pause(20);
      await pause(500 + 250 * round);
      await server.kill();
      for (const outcome of await writing)
        expect(String((outcome as PromiseRejectedResult).reason)).toMatch(
          /fetch failed|terminated/,
        );
    }

    const last = await startServer(folder, ENV);
    for (const [id, written] of promised) {
      const answer = await fetch(`${last.url}${ENTITIES}/${id}?options=simplified`);
      const state = ((await answer.json()) as { n: number }).n;
      // The last write may have been kept without its answer having reached us.
      expect([written.at(-1), written.at(-1)! + 1], id).toContain(state);
    }
    await last.stop();
    expect(last.complaints()).toBe('');
    const histories = await listKept('urn:ngsi-ld:Promise:%');
    for (const [id, written] of promised) {
      const kept = histories.get(id) ?? [];
      expect(kept.slice(0, written.length), id).toEqual(written);
      expect(kept.length - written.length, id).toBeLessThanOrEqual(1);
    }
    expect(promised.size).toBe(ROUNDS * WRITERS);
    expect([...promised.values()].flat().length).toBeGreaterThan(2 * promised.size);
  },
);
