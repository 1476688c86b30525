/**
 * The world as it is: a port that is taken, a folder that is in use, a disk that is full, a database that goes away.
 * The whole server in a process of its own says what is the matter, loses nothing that it acknowledged, and goes on.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type Server as Proxy, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from 'pg';
import { ensureTemplate } from '#kernel/database';
import { makeDataFolder } from '../test/city.ts';
import { failToStart, killServers, type Server, startServer } from './server.ts';

const ENV = { PORT: '21910', MQTT_PORT: '21911' };
const ELSEWHERE = { PORT: '21912', MQTT_PORT: '21913' };
const LIMIT_MS = 180_000;
const MB = 1024 * 1024;
const ENTITIES = '/ngsi-ld/v1/entities';

let folder: string;
beforeAll(async () => {
  folder = await makeDataFolder();
}, LIMIT_MS);
afterAll(() => {
  killServers();
  rmSync(folder, { recursive: true, force: true });
});

const create = ({ url, headers }: Server, n: number, filler = '') =>
  fetch(url + ENTITIES, {
    method: 'POST',
    headers,
    body: JSON.stringify({ id: `urn:ngsi-ld:Kept:${n}`, type: 'Kept', n, filler }),
  });
const read = async ({ url, headers }: Server, n: number) =>
  (
    await fetch(`${url}${ENTITIES}/urn:ngsi-ld:Kept:${n}?options=simplified&pick=n`, { headers })
  ).json();

test(
  'a port or a data folder in use is named, with what to do',
  { timeout: LIMIT_MS },
  async () => {
    const server = await startServer(folder, ENV);
    const held = await failToStart(folder, ELSEWHERE);
    expect(held.code).toBe(1);
    expect(held.complaints).toMatch(/^The data folder .+ is in use by process \d+/);

    const other = await makeDataFolder();
    const http = await failToStart(other, { ...ELSEWHERE, PORT: ENV.PORT });
    expect(http).toEqual({
      code: 1,
      complaints: 'Port 21910 on 127.0.0.1 is in use. Stop what uses it, or set PORT to another.\n',
    });
    const mqtt = await failToStart(other, { ...ELSEWHERE, MQTT_PORT: ENV.MQTT_PORT });
    expect(mqtt.code).toBe(1);
    expect(mqtt.complaints).toMatch(/^The MQTT port 21911 on 127\.0\.0\.1 is in use\..+MQTT_PORT/);
    const wrong = await failToStart(other, { PORT: 'eighty', AUTH: 'perhaps' });
    expect(wrong.code).toBe(1);
    expect(wrong.complaints).toMatch(/PORT/);
    expect(wrong.complaints).toMatch(/AUTH/);
    rmSync(other, { recursive: true });

    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await server.stop();
  },
);

const SMALL_DISK_MB = 600;
const home = mkdtempSync(join(tmpdir(), 'sanjiang-small-disk-'));
const isMounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m`, 'tmpfs', home], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', home]);
  rmSync(home, { recursive: true, force: true });
});

test.skipIf(!isMounted)(
  'a full disk is answered with 507, keeps what was acknowledged, and is forgotten when there is room (a mount)',
  { timeout: LIMIT_MS },
  async () => {
    cpSync(await ensureTemplate(), join(home, 'db'), { recursive: true });
    const server = await startServer(home, ENV);
    const { bavail, bsize } = statfsSync(home);
    writeFileSync(join(home, 'ballast'), Buffer.alloc(bavail * bsize - 8 * MB));

    const kept: number[] = [];
    const refusals: Response[] = [];
    for (let n = 0; refusals.length < 3 && n < 2000; n++) {
      const answer = await create(
        server,
        n,
        Buffer.from(crypto.getRandomValues(new Uint8Array(30_000))).toString('base64'),
      );
      if (answer.status === 201) kept.push(n);
      else refusals.push(answer);
    }
    expect(kept.length).toBeGreaterThan(5);
    for (const refusal of refusals) {
      expect(refusal.status).toBe(507);
      expect(await refusal.json()).toMatchObject({
        status: 507,
        detail: expect.stringContaining('disk'),
      });
    }

    rmSync(join(home, 'ballast'));
    await expect
      .poll(async () => (await create(server, 1_000_000)).status, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(201);
    for (const n of [...kept, 1_000_000])
      expect(await read(server, n), String(n)).toMatchObject({ n });
    await server.stop();
  },
);

const databaseUrl = process.env['TEST_DATABASE_URL'];

/** A network that can be cut between the server and its database. */
const openNetwork = async (to: URL) => {
  const wires = new Set<Socket>();
  const proxy: Proxy = createServer((near) => {
    const far = connect(Number(to.port || 5432), to.hostname);
    for (const wire of [near, far]) {
      wires.add(wire);
      wire.on('error', () => {});
      wire.on('close', () => wires.delete(wire));
    }
    near.pipe(far).pipe(near);
  });
  const listen = async (port: number) => {
    proxy.listen(port, '127.0.0.1');
    await once(proxy, 'listening');
  };
  await listen(0);
  const { port } = proxy.address() as { port: number };
  const cut = () =>
    new Promise<void>((done) => {
      proxy.close(() => done());
      for (const wire of wires) wire.destroy();
    });
  return { port, cut, mend: () => listen(port) };
};

test.skipIf(!databaseUrl)(
  'a database that goes away is answered with 503, and is there again when it is back (PostgreSQL)',
  { timeout: LIMIT_MS },
  async () => {
    const name = `sanjiang_hardship_${process.pid}`;
    const order = async (text: string) => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(text).finally(() => client.end());
    };
    await order(`create database ${name} template template0 encoding 'UTF8'`);
    const network = await openNetwork(new URL(databaseUrl!));
    try {
      const url = new URL(databaseUrl!);
      url.hostname = '127.0.0.1';
      url.port = String(network.port);
      url.pathname = `/${name}`;
      const server = await startServer(folder, { ...ENV, DATABASE_URL: url.href });
      expect((await create(server, 1)).status).toBe(201);

      await network.cut();
      const refused = await create(server, 2);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(await refused.text()).toMatch(/does not answer|cannot be reached/);
      expect((await fetch(`${server.url}/ready`)).status).toBe(503);
      expect((await fetch(`${server.url}/health`)).status).toBe(200);

      await network.mend();
      await expect
        .poll(async () => (await fetch(`${server.url}/ready`)).status, {
          timeout: 60_000,
          interval: 500,
        })
        .toBe(200);
      expect((await create(server, 3)).status).toBe(201);
      expect(await read(server, 1)).toMatchObject({ n: 1 });
      await server.stop();
    } finally {
      await network.cut();
      await order(`drop database ${name} with (force)`);
    }
  },
);
