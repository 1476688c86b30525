import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openTestDatabase, testEngines } from '#kernel/database';
import { type House, openHouse } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { openLog } from '#kernel/log';
import { SYSTEM } from '#kernel/actor';
import { systemClock } from '#kernel/time';
import { openTestHouse } from '../../../../test/house.ts';
import { type Json, openReceiver } from '../../../../test/receiver.ts';
import audit from '../../audit/module.ts';
import policy from '../../policy/module.ts';
import context from '../module.ts';
import { testFolder } from '../../../../test/folder.ts';

const DOOR = '/ngsi-ld/v1';
const EGRESS_ALLOW = '127.0.0.1';
/** What was read or handed over longer ago is read again (queue.ts). */
const FRESH_MS = 1_100;

describe.each(testEngines)('deliveries on %s', (engine) => {
  const open = () => openTestHouse({ modules: [context], engine, env: { EGRESS_ALLOW } });
  const subscribe = async (house: House, uri: string, more: object = {}) => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/subscriptions`,
      payload: {
        type: 'Subscription',
        entities: [{ type: 'Counter' }],
        notification: { endpoint: { uri, ...more } },
      },
    });
    expect(answer.statusCode, answer.body).toBe(201);
    return decodeURIComponent(String(answer.headers.location).split('/').at(-1)!);
  };
  const write = (house: House, n: number) =>
    house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/upsert`,
      payload: [{ id: 'urn:x:counter', type: 'Counter', n }],
    });
  const log = async (house: House, query = '') =>
    (await house.app.inject(`/api/context/deliveries?${query}`)).json().items;
  const numbers = (received: readonly { body: Json }[]) =>
    received.map(({ body }) => body.data[0].n.value);

  test('a receiver that fails is tried again, in order, with the same ids; others do not wait', async () => {
    await using house = await open();
    let sick = true;
    await using failing = await openReceiver(() => (sick ? 503 : 204));
    await using hanging = await openReceiver(() => 'never');
    await using well = await openReceiver();
    const id = await subscribe(house, failing.url);
    await subscribe(house, hanging.url, { timeout: 60_000 });
    await subscribe(house, well.url);
    const started = Date.now();
    for (let n = 1; n <= 5; n++) await write(house, n);
    await well.until(5);
    expect(numbers(well.received)).toEqual([1, 2, 3, 4, 5]);
    expect(Date.now() - started).toBeLessThan(3_000);
    await failing.until(2);
    sick = false;
    const refused = failing.received.length;
    expect(new Set(numbers(failing.received))).toEqual(new Set([1]));
    await failing.until(refused + 5, 15_000);
    expect(numbers(failing.received.slice(refused))).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(failing.received.map(({ body }) => body.id)).size).toBe(5);
    const read = (await house.app.inject(`${DOOR}/subscriptions/${id}`)).json().notification;
    expect(read).toMatchObject({ status: 'ok', timesSent: refused + 5, timesFailed: refused });
    expect(hanging.received).toHaveLength(1);
  });

  test('what a receiver refuses is given up, listed, and told once more on demand', async () => {
    await using house = await open();
    let status = 400;
    await using receiver = await openReceiver(() => status);
    const id = await subscribe(house, receiver.url);
    await write(house, 1);
    await receiver.until(3);
    const [dead] = await log(house, `subscription=${id}&state=dead`);
    expect(dead).toMatchObject({ attempts: 3, status: 400, error: 'The receiver answered 400.' });
    status = 200;
    const replayed = await house.app.inject({
      method: 'POST',
      url: `/api/context/deliveries/${dead.id}/attempts`,
    });
    expect(replayed.statusCode).toBe(202);
    const told = await receiver.until(4);
    expect(told[3]!.body).toEqual(told[0]!.body);
    expect(await log(house)).toMatchObject([{ id: dead.id, state: 'delivered', attempts: 1 }]);
    const unknown = await house.app.inject({
      method: 'POST',
      url: '/api/context/deliveries/urn:x:none/attempts',
    });
    expect(unknown.statusCode).toBe(404);
  });

  test('a paused or expired subscription tells nothing, a mended one goes on, a removed one leaves nothing', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    const id = await subscribe(house, receiver.url);
    const url = `${DOOR}/subscriptions/${encodeURIComponent(id)}`;
    const patch = (payload: object) => house.app.inject({ method: 'PATCH', url, payload });
    await write(house, 1);
    await receiver.until(1);
    expect((await patch({ isActive: false })).statusCode).toBe(204);
    expect((await house.app.inject(url)).json().status).toBe('paused');
    await write(house, 2);
    // The consumer has passed it once a later, watched change has come through.
    await new Promise((done) => setTimeout(done, 500));
    await patch({ isActive: true, notification: { format: 'concise' } });
    await write(house, 3);
    await receiver.until(2);
    expect(receiver.received.map(({ body }) => body.data[0].n)).toEqual([
      { type: 'Property', value: 1 },
      3,
    ]);
    await patch({ expiresAt: new Date(Date.now() + 200).toISOString() });
    await new Promise((done) => setTimeout(done, 250));
    await write(house, 4);
    await new Promise((done) => setTimeout(done, 500));
    expect((await house.app.inject(url)).json().status).toBe('expired');
    const past = await patch({ expiresAt: '2020-01-01T00:00:00Z' });
    expect(past.json()).toMatchObject({
      status: 400,
      type: expect.stringMatching(/BadRequestData$/),
    });
    await patch({ expiresAt: 'urn:ngsi-ld:null' });
    expect((await house.app.inject(url)).json().status).toBe('active');
    expect((await house.app.inject({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await house.app.inject(url)).statusCode).toBe(404);
    await write(house, 5);
    await new Promise((done) => setTimeout(done, 500));
    expect(receiver.received).toHaveLength(2);
  });

  test('of what waits for a slow receiver, the rest is told as the subscription then says, and none once it is gone', async () => {
    await using house = await open();
    const told: Json[] = [];
    let gate = Promise.withResolvers<void>();
    const slow = createServer(async (request, reply) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      told.push(JSON.parse(text).data[0].n);
      await gate.promise;
      reply.writeHead(200).end();
    });
    await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
    const { port } = slow.address() as AddressInfo;
    const id = await subscribe(house, `http://127.0.0.1:${port}`);
    const url = `${DOOR}/subscriptions/${encodeURIComponent(id)}`;
    gate.resolve();
    await write(house, 0);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1);

    gate = Promise.withResolvers();
    for (let n = 1; n <= 5; n++) await write(house, n);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);
    const concise = { notification: { format: 'concise' } };
    await house.app.inject({ method: 'PATCH', url, payload: concise });
    await new Promise((done) => setTimeout(done, FRESH_MS));
    gate.resolve();
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(6);
    const normalized = (value: number) => ({ type: 'Property', value });
    expect(told).toEqual([normalized(0), normalized(1), 2, 3, 4, 5]);

    gate = Promise.withResolvers();
    for (let n = 6; n <= 9; n++) await write(house, n);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(7);
    expect((await house.app.inject({ method: 'DELETE', url })).statusCode).toBe(204);
    await new Promise((done) => setTimeout(done, FRESH_MS));
    gate.resolve();
    await new Promise((done) => setTimeout(done, FRESH_MS));
    expect(told.slice(6)).toEqual([6]);
    slow.closeAllConnections();
    slow.close();
  }, 60_000);

  test('an address of our own network is not called', async () => {
    await using house = await openTestHouse({ modules: [context], engine });
    await using receiver = await openReceiver();
    await subscribe(house, receiver.url);
    await write(house, 1);
    let found: Json[] = [];
    for (let n = 0; n < 100 && found[0]?.state !== 'dead'; n++) {
      await new Promise((done) => setTimeout(done, 50));
      found = await log(house);
    }
    expect(found).toMatchObject([
      { state: 'dead', error: expect.stringContaining('EGRESS_ALLOW') },
    ]);
    expect(receiver.received).toEqual([]);
  });

  test('houses that share a database tell each change once, and the next goes on where one stopped', async () => {
    await using database = await openTestDatabase(engine);
    const boot = () =>
      openHouse({
        modules: [audit, policy, context],
        config: readConfig({
          LOG_LEVEL: 'silent',
          PORT: '0',
          DATA_DIR: testFolder(),
          EGRESS_ALLOW,
        }),
        clock: systemClock,
        log: openLog('silent'),
        version: '0.0.0-test',
        quiet: true,
        database,
        gate: () => ({ identify: async () => SYSTEM, allows: () => true }),
      });
    await using receiver = await openReceiver();
    const [first, second] = [await boot(), await boot()];
    await subscribe(second, receiver.url);
    for (let n = 1; n <= 20; n++) await write(n % 2 ? first : second, n);
    await receiver.until(20, 15_000);
    await first[Symbol.asyncDispose]();
    for (let n = 21; n <= 30; n++) await write(second, n);
    await second[Symbol.asyncDispose]();
    await using third = await boot();
    await write(third, 31);
    await receiver.until(31, 25_000);
    expect(numbers(receiver.received)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
    expect(new Set(receiver.received.map(({ body }) => body.id)).size).toBe(31);
  }, 60_000);
});
