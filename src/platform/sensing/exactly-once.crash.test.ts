import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import mqtt from 'mqtt';
import { type Database, ensureTemplate, openDatabase } from '#kernel/database';

/**
 * The house in a process of its own, killed without warning in the middle of 10,000 messages at QoS 1 and started again
 * on the same folder: each message must be in the history exactly once.
 */
const MESSAGES = 10_000;
const HTTP_PORT = 21_410;
const MQTT_PORT = 21_411;
const API = `http://127.0.0.1:${HTTP_PORT}`;
const LIMIT_MS = 120_000;
const hasMosquitto = spawnSync('mosquitto_pub', ['--help']).error === undefined;

const HOUSE = `
  import { openHouse } from '#kernel/boot';
  import { readConfig } from '#kernel/config';
  import { openLog } from '#kernel/log';
  import { systemClock } from '#kernel/time';
  const [audit, policy, context, registers, sensing] = await Promise.all(['audit', 'policy', 'context', 'registers', 'sensing'].map(
    async (name) => (await import(process.cwd() + '/src/platform/' + name + '/module.ts')).default));
  const everybody = { kind: 'person', id: 'o', name: 'o', roles: ['administrator'] };
  const house = await openHouse({ modules: [audit, policy, context, registers, sensing], config: readConfig(process.env), clock: systemClock,
    log: openLog('warn'), version: '0', quiet: true, gate: () => ({ identify: async () => everybody, allows: () => true }) });
  await house.listen();
  process.stdout.write('up');`;

const running: ChildProcess[] = [];
const folders: string[] = [];
afterAll(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const startHouse = async (folder: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--eval', HOUSE], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: String(HTTP_PORT),
      MQTT_PORT: String(MQTT_PORT),
      DEMO: 'off',
      AUTH: 'off',
    },
  });
  running.push(child);
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the house ended with ${code}`))),
  ]);
  return child;
};

const kill = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

const post = async (path: string, body: unknown) => {
  const answer = await fetch(API + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
};

const registerDevice = (id: string) =>
  post('/api/sensing/devices', {
    id,
    name: { zh: '计数器', en: 'Counter' },
    class: 'I20.1/counter',
    entity: `urn:ngsi-ld:Device:${id}`,
    entityType: 'Device',
  });

const messagesOf = async (id: string): Promise<number> => {
  const answer = await fetch(`${API}/api/sensing/devices/${id}`);
  return ((await answer.json()) as { messages: number }).messages;
};

/** How often each number is in the history. */
const countKept = async (database: Database, id: string): Promise<Map<number, number>> => {
  const rows = await database.query<{ n: number; times: number }>(
    `select (i ->> 'value')::int as n, count(*) as times
     from context.history h, jsonb_each(h.attributes) a (name, instances), jsonb_array_elements(a.instances) i
     where h.entity = $1 and jsonb_typeof(i -> 'value') = 'number' group by 1`,
    [`urn:ngsi-ld:Device:${id}`],
  );
  return new Map(rows.map(({ n, times }) => [n, times]));
};

/** Both senders through one life, one death and one resurrection. */
const livesAndDies = async (senders: Readonly<Record<string, () => Promise<void>>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-crash-'));
  folders.push(folder);
  cpSync(await ensureTemplate(), join(folder, 'db'), { recursive: true });
  const first = await startHouse(folder);
  const ids = Object.keys(senders);
  for (const id of ids) await registerDevice(id);
  const sent = Promise.all(Object.values(senders).map((send) => send()));
  for (const id of ids) while ((await messagesOf(id)) < MESSAGES / 5) await pause(50);
  await kill(first);
  const second = await startHouse(folder);
  await sent;
  await kill(second);
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  await using database = await openDatabase({ folder: join(folder, 'db') }, quiet);
  const kept: Record<string, Map<number, number>> = {};
  for (const id of ids) kept[id] = await countKept(database, id);
  return kept;
};

const mosquittoPub = async () => {
  const args = ['-p', String(MQTT_PORT), '-q', '1', '-l', '-t', 'devices/pub/readings'];
  const pub = spawn('mosquitto_pub', args, { stdio: ['pipe', 'inherit', 'inherit'] });
  running.push(pub);
  Readable.from(Array.from({ length: MESSAGES }, (_, n) => `{"n":${n}}\n`)).pipe(pub.stdin);
  expect(await once(pub, 'exit')).toEqual([0, null]);
};

/** It resends without DUP, so that it is the number in the message by which a repetition is known. */
const numberedMessages = async () => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${MQTT_PORT}`, { reconnectPeriod: 300 });
  client.on('error', () => {});
  let next = 0;
  const sender = async () => {
    while (next < MESSAGES) {
      const n = next++;
      const payload = JSON.stringify({ n, mid: n });
      await client.publishAsync('devices/js/readings', payload, { qos: 1 });
    }
  };
  await Promise.all(Array.from({ length: 100 }, sender));
  await client.endAsync(true);
};

const everyOnce = Array.from({ length: MESSAGES }, (_, n) => [n, 1]);
const sorted = (kept: Map<number, number> | undefined) =>
  [...(kept ?? [])].toSorted(([a], [b]) => a - b);

let kept: Awaited<ReturnType<typeof livesAndDies>>;
beforeAll(async () => {
  kept = await livesAndDies({
    js: numberedMessages,
    ...(hasMosquitto ? { pub: mosquittoPub } : {}),
  });
}, LIMIT_MS);

test.skipIf(!hasMosquitto)(
  'what mosquitto_pub sends through a kill -9 is kept exactly once (mosquitto_pub)',
  () => {
    expect(sorted(kept['pub'])).toEqual(everyOnce);
  },
);

test('what a client with numbered messages sends through a kill -9 is kept exactly once', () => {
  expect(sorted(kept['js'])).toEqual(everyOnce);
});
