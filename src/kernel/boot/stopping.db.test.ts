import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendEventStream } from '#kernel/http';
import { type Database, openTestDatabase } from '#kernel/database';
import { defineModule, port } from '#kernel/module';
import { openTestHouse } from '../../../test/house.ts';

const SLOW_MS = 700;
/** Well below the ten seconds after which what is left is cut. */
const LIMIT_MS = 8_000;

/** Requests that have reached the slow route. */
let asked = 0;
const reached = async (send: () => void) => {
  const before = asked;
  send();
  await expect.poll(() => asked, { timeout: 5_000, interval: 5 }).toBe(before + 1);
};

/** A module whose answers take their time, and whose stop may fail. */
const slow = (stop: () => Promise<void>) =>
  defineModule({
    provides: port<object>()('slow'),
    title: { zh: '慢', en: 'Slow' },
    plan: {},
    uses: [],
    events: {},
    actions: { 'slow.use': { title: { zh: '用', en: 'Use' }, grant: ['anyone'] } },
    setup: () => ({
      api: {},
      stop,
      routes: (app) => {
        const config = { action: 'slow.use' };
        app.get('/answer', { config }, async () => {
          asked++;
          await pause(SLOW_MS);
          return { done: true };
        });
        app.get('/quick', { config }, async () => ({ done: true }));
        app.get('/stream', { config }, (_request, reply) =>
          sendEventStream(reply, async function* (signal) {
            for (let n = 0; !signal.aborted; n++) {
              yield { data: n };
              await pause(60_000, undefined, { signal }).catch(() => undefined);
            }
          }),
        );
      },
    }),
  });

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

const open = async (stop = async () => {}) => {
  const house = await openTestHouse({ database, modules: [slow(stop)] });
  const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
  return { house, url: `${url}/api/slow` };
};

test('a request in flight is answered before the house stops, and its connection is closed', async () => {
  const { house, url } = await open();
  let answer: Promise<Response> | undefined;
  await reached(() => (answer = fetch(`${url}/answer`)));
  const began = performance.now();
  await house[Symbol.asyncDispose]();
  const reply = (await answer)!;
  expect(reply.status).toBe(200);
  expect(await reply.json()).toEqual({ done: true });
  expect(reply.headers.get('connection')).toBe('close');
  expect(performance.now() - began).toBeLessThan(LIMIT_MS);
});

test('idle connections and streams of events hold nobody up', async () => {
  const { house, url } = await open();
  const stream = await fetch(`${url}/stream`);
  const reader = stream.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('open');
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise((done) => idle.once('connect', done));
  await (await fetch(`${url}/quick`)).text();
  const began = performance.now();
  await house[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  for (;;) if ((await reader.read()).done) break;
  idle.destroy();
});

test('what is not answered within the limit is cut', async () => {
  const { house, url } = await open();
  let lost: Promise<string> | undefined;
  await reached(
    () =>
      (lost = fetch(`${url}/answer`).then(
        () => 'answered',
        () => 'cut',
      )),
  );
  await house.app.drain(200);
  expect(await lost).toBe('cut');
  await house[Symbol.asyncDispose]();
});

test('who keeps a connection is told to close it, and who comes later finds nobody', async () => {
  const { house, url } = await open();
  const { port: number } = new URL(url);
  const answers: string[] = [];
  const socket = connect(Number(number), '127.0.0.1');
  socket.on('data', (bytes) => answers.push(bytes.toString('utf8')));
  const ask = (path: string) =>
    socket.write(`GET /api/slow/${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
  const ended = new Promise((done) => socket.once('end', done));
  await reached(() => ask('answer'));
  await house[Symbol.asyncDispose]();
  await ended;
  expect(answers.join('')).toMatch(/^HTTP\/1\.1 200 [\s\S]+connection: close/i);
  expect(answers.join('')).not.toContain('503');
  const refused = await new Promise((done) =>
    request(`${url}/quick`, () => done('answered'))
      .on('error', (e) => done((e as { code?: string }).code))
      .end(),
  );
  expect(refused).toBe('ECONNREFUSED');
  socket.destroy();
});

test('a module that cannot be stopped keeps no other from stopping', async () => {
  const stopped: string[] = [];
  const named = (id: string, uses: never[], stop: () => Promise<void>) => ({
    ...slow(stop),
    provides: { id },
    uses,
    actions: {},
    setup: () => ({ api: {}, stop }),
  });
  const house = await openTestHouse({
    database,
    modules: [
      named('first', [], async () => void stopped.push('first')),
      named('second', [], async () => {
        throw new Error('will not');
      }),
      named('third', [], async () => void stopped.push('third')),
    ],
  });
  await expect(house[Symbol.asyncDispose]()).rejects.toThrow('did not stop properly');
  expect(stopped).toEqual(['third', 'first']);
});
