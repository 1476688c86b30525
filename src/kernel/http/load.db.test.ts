import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openTestDatabase } from '#kernel/database';
import { defineModule, port } from '#kernel/module';
import { openTestHouse } from '../../../test/house.ts';

const BODY_BYTES = 8 * 1024 * 1024;
const BODIES_MAX = 32;

const sink = defineModule({
  provides: port<object>()('sink'),
  title: { zh: '池', en: 'Sink' },
  plan: {},
  uses: [],
  events: {},
  actions: { 'sink.fill': { title: { zh: '注', en: 'Fill' }, grant: ['anyone'] } },
  setup: () => ({
    api: {},
    routes: (app) => {
      app.post(
        '/',
        { config: { action: 'sink.fill' }, schema: { body: Type.Unknown() } },
        async () => ({ done: true }),
      );
    },
  }),
});

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

test('more bodies at once than memory holds are refused with 503, and when some are gone others are taken', async () => {
  await using house = await openTestHouse({ database, modules: [sink] });
  const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
  const send = () =>
    fetch(`${url}/api/sink`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  // Each announces a body and takes its time.
  const slow: Socket[] = [];
  const announce = async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    slow.push(socket);
    socket.write(
      `POST /api/sink HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`,
    );
  };
  for (let n = 0; n < BODIES_MAX; n++) await announce();
  await expect.poll(async () => (await send()).status, { timeout: 5_000 }).toBe(503);
  const refused = await send();
  expect(refused.headers.get('retry-after')).toBe('2');
  expect((await fetch(`${url}/health`)).status).toBe(200);
  slow.shift()?.destroy();
  await expect.poll(async () => (await send()).status, { timeout: 5_000 }).toBe(200);
  for (const socket of slow) socket.destroy();
});

test('what was answered is not counted any more', async () => {
  await using house = await openTestHouse({ database, modules: [sink] });
  const payload = { text: 'x'.repeat(BODY_BYTES - 1000) };
  for (let n = 0; n < BODIES_MAX + 3; n++)
    expect((await house.app.inject({ method: 'POST', url: '/api/sink', payload })).statusCode).toBe(
      200,
    );
});
