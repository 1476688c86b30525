/**
 * Two servers and a worker on one PostgreSQL, with NATS between them, each killed without warning again and again while
 * writes go on: what was acknowledged is there, and each notification is one, whoever sent it and however often.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Client } from 'pg';
import { hasNats, openNatsServer } from '../test/nats.ts';
import { openReceiver } from '../test/receiver.ts';
import { killServers, type Server, startServer } from './server.ts';

const databaseUrl = process.env['TEST_DATABASE_URL'];
const ENTITIES = '/ngsi-ld/v1/entities';
const TYPE = 'Beacon';
const WRITERS = 6;
const ROUNDS = 6;
/** Between two kills: the one before is up again by then. */
const ROUND_MS = 2_000;
/** The load goes on all the time; how fast is measured elsewhere. */
const WRITE_PAUSE_MS = 5;
/** Somebody answers within this time, whoever was killed. */
const ANSWER_MS_MAX = 60_000;
const LIMIT_MS = 300_000;
const PORTS = { north: 21920, south: 21921, worker: 21922 } as const;
type Name = keyof typeof PORTS;
const NAMES = Object.keys(PORTS) as Name[];

const folders = new Map(
  NAMES.map((name) => [name, mkdtempSync(join(tmpdir(), `sanjiang-${name}-`))]),
);
afterAll(() => {
  killServers();
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

const order = async (text: string) => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
};

/** The processes by their parts; one that was killed is started anew. */
const openConstellation = (database: string, nats: string) => {
  const up = new Map<Name, Server>();
  const start = async (name: Name) => {
    const server = await startServer(folders.get(name)!, {
      PORT: String(PORTS[name]),
      MQTT_PORT: '0',
      ROLE: name === 'worker' ? 'worker' : 'server',
      DATABASE_URL: database,
      NATS_URL: nats,
      EGRESS_ALLOW: '127.0.0.1',
      LOG_LEVEL: 'fatal',
    });
    up.set(name, server);
    return server;
  };
  return {
    up,
    start,
    kill: async (name: Name) => {
      const server = up.get(name);
      up.delete(name);
      await server?.kill();
      await start(name);
    },
  };
};

/**
 * Changes an entity of its own until told to stop, by whichever server answers. Answers what was acknowledged; what was
 * not is sent again, since it may or may not have been stored.
 */
const keepWriting = async (w: number, servers: ReadonlyMap<Name, Server>, signal: AbortSignal) => {
  const id = `urn:ngsi-ld:${TYPE}:${w}`;
  const kept: number[] = [];
  for (let n = 0; !signal.aborted; n++) {
    const until = performance.now() + ANSWER_MS_MAX;
    let last = 'no answer';
    for (let tries = w; ; tries++) {
      if (performance.now() > until) throw new Error(`${id} ${n} was not taken: ${last}`);
      const server = servers.get(tries % 2 === 0 ? 'north' : 'south');
      const answer =
        server &&
        (await fetch(server.url + (n === 0 ? ENTITIES : `${ENTITIES}/${id}`), {
          method: n === 0 ? 'POST' : 'PATCH',
          headers: server.headers,
          body: JSON.stringify(n === 0 ? { id, type: TYPE, n } : { n }),
          signal: AbortSignal.timeout(20_000),
        }).catch(() => undefined));
      // 409: the creation that was not answered had been stored.
      if (answer && [201, 204, 409].includes(answer.status)) {
        kept.push(n);
        await pause(WRITE_PAUSE_MS);
        break;
      }
      if (answer) last = `${answer.status} ${await answer.text().catch(String)}`;
      await pause(20);
    }
  }
  return kept;
};

type Told = { readonly id: string; readonly data: readonly { id: string; n: number }[] };

test.skipIf(!databaseUrl || !hasNats)(
  'two servers and a worker, any of them killed at any time: nothing acknowledged is lost, and each notification is one (PostgreSQL, nats-server)',
  { timeout: LIMIT_MS },
  async () => {
    const name = `sanjiang_constellation_${process.pid}`;
    await order(`create database ${name} template template0 encoding 'UTF8'`);
    const url = new URL(databaseUrl!);
    url.pathname = `/${name}`;
    await using nats = await openNatsServer();
    await using receiver = await openReceiver();
    try {
      const { up, start, kill } = openConstellation(url.href, nats.url);
      const north = await start('north');
      await Promise.all([start('south'), start('worker')]);
      const subscribed = await fetch(`${north.url}/ngsi-ld/v1/subscriptions`, {
        method: 'POST',
        headers: north.headers,
        body: JSON.stringify({
          type: 'Subscription',
          entities: [{ type: TYPE }],
          notification: { format: 'simplified', endpoint: { uri: `${receiver.url}/told` } },
        }),
      });
      expect(subscribed.status).toBe(201);

      const stop = new AbortController();
      const writing = Array.from({ length: WRITERS }, (_, w) => keepWriting(w, up, stop.signal));
      for (let round = 0; round < ROUNDS; round++) {
        await pause(ROUND_MS);
        await kill(NAMES[round % NAMES.length]!);
        // NATS goes away once, too.
        if (round === 2) await nats.kill();
        if (round === 3) await nats.start();
      }
      stop.abort();
      const kept = new Map(
        (await Promise.all(writing)).map((list, w) => [`urn:ngsi-ld:${TYPE}:${w}`, list]),
      );
      const total = [...kept.values()].flat().length;
      expect(total).toBeGreaterThan(WRITERS * ROUNDS);

      // Each value reached the receiver, by notifications of which each tells of one change.
      const told = () => {
        const ids = new Map<string, Set<string>>();
        for (const { body } of receiver.received) {
          const { id, data } = body as Told;
          for (const one of data) {
            const key = `${one.id} ${one.n}`;
            ids.set(key, (ids.get(key) ?? new Set()).add(id));
          }
        }
        return ids;
      };
      const missing = () => {
        const ids = told();
        return [...kept]
          .flatMap(([id, list]) => list.map((n) => `${id} ${n}`))
          .filter((key) => !ids.has(key));
      };
      await expect.poll(missing, { timeout: 60_000, interval: 500 }).toEqual([]);
      const bodies = new Map<string, string>();
      for (const { body } of receiver.received) {
        const { id, data } = body as Told;
        const text = JSON.stringify(data);
        expect(bodies.get(id) ?? text, id).toBe(text);
        bodies.set(id, text);
      }

      const client = new Client({ connectionString: url.href });
      await client.connect();
      try {
        // A write that was not answered and sent again is a second event, of the same value: told to nobody.
        const { rows: events } = await client.query<{ seq: string; told: boolean }>(
          `select seq, data -> 'same' is null as told from kernel.outbox
           where key like 'urn:ngsi-ld:${TYPE}:%' order by seq`,
        );
        expect(bodies.size).toBe(events.filter((event) => event.told).length);
        const { rows: dead } = await client.query('select 1 from kernel.dead_letters');
        expect(dead).toEqual([]);
        const behind = async () => {
          const { rows } = await client.query<{ lag: string }>(
            `select (select max(seq) from kernel.outbox) - position as lag from kernel.consumers where name = 'kernel.nats'`,
          );
          return Number(rows[0]?.lag);
        };
        await expect.poll(behind, { timeout: 60_000, interval: 500 }).toBe(0);
        const inStream = (await nats.kept()).filter(({ event }) =>
          event.subject.startsWith(`urn:ngsi-ld:${TYPE}:`),
        );
        expect(inStream.map(({ event }) => event.id)).toEqual(events.map(({ seq }) => seq));
        for (const [id, list] of kept) {
          const { rows } = await client.query<{ n: number }>(
            `select (i ->> 'value')::int as n from context.history h, jsonb_each(h.attributes) a (name, instances),
               jsonb_array_elements(a.instances) i where h.entity = $1 and a.name ~ '(^|[/:])n$'`,
            [id],
          );
          const values = new Set(rows.map(({ n }) => n));
          expect(
            list.filter((n) => !values.has(n)),
            id,
          ).toEqual([]);
        }
      } finally {
        await client.end();
      }
      for (const server of up.values()) await server.stop();
    } finally {
      killServers();
      await pause(500);
      await order(`drop database ${name} with (force)`);
    }
  },
);
