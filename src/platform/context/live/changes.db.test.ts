import { connect } from 'node:net';
import { once } from 'node:events';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import module from '../module.ts';
import { openFeed } from './feed.ts';
import { sendOverSocket } from './socket.ts';

type Message = { id?: number; event: string; data: readonly { id: string; deleted?: true }[] };

describe.each(testEngines)('changes on %s', (engine) => {
  let house: House;
  let address: string;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [module], engine });
    address = await house.listen();
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  const write = async (id: string, type: string, tenant?: string) => {
    const answer = await house.app.inject({
      method: 'POST',
      url: '/ngsi-ld/v1/entityOperations/upsert',
      headers: tenant ? { 'ngsild-tenant': tenant } : {},
      payload: [{ id, type, n: { type: 'Property', value: Math.random() } }],
    });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
  };

  /** Follows over a WebSocket until it is disposed of. */
  const follow = async (query = '') => {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/api/context/changes${query}`);
    const got: Message[] = [];
    socket.addEventListener('message', ({ data }) => got.push(JSON.parse(String(data))));
    await once(socket, 'open');
    const until = async (isThere: (got: readonly Message[]) => boolean) => {
      const end = Date.now() + 10_000;
      while (!isThere(got)) {
        if (Date.now() > end) throw new Error(`Only this came: ${JSON.stringify(got)}`);
        await new Promise((done) => setTimeout(done, 20));
      }
      return got;
    };
    await until((all) => all.some(({ event }) => event === 'open'));
    return { socket, got, until, [Symbol.dispose]: () => socket.close() };
  };
  const ids = (got: readonly Message[]) =>
    got.flatMap(({ event, data }) => (event === 'changes' ? data.map(({ id }) => id) : []));

  describe('the change feed over a WebSocket', () => {
    test('tells what the event stream tells, with the same ids', async () => {
      const stream = await fetch(`${address}/api/context/changes`);
      const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
      using socket = await follow();
      await write('urn:ngsi-ld:Bus:1', 'Bus');
      const [, told] = await socket.until((got) => ids(got).length === 1);
      let text = '';
      while (!text.includes('event: changes')) text += (await reader.read()).value;
      await reader.cancel();
      expect(text).toContain(
        `id: ${told!.id}\nevent: changes\ndata: ${JSON.stringify(told!.data)}`,
      );
    });

    test('is resumed just behind an id, and filtered by type', async () => {
      using first = await follow();
      await write('urn:ngsi-ld:Bus:2', 'Bus');
      const place = (await first.until((got) => ids(got).length > 0)).at(-1)!.id!;
      await write('urn:ngsi-ld:Tram:2', 'Tram');
      await write('urn:ngsi-ld:Bus:3', 'Bus');
      using second = await follow(`?after=${place}&types=Tram`);
      expect(ids(await second.until((got) => ids(got).length > 0))).toEqual(['urn:ngsi-ld:Tram:2']);
      expect(second.got.some(({ event }) => event === 'reload')).toBe(false);
      using lost = await follow('?after=99999999');
      await lost.until((got) => got.some(({ event }) => event === 'reload'));
    });

    test('tells each tenant of its own', async () => {
      using ours = await follow('?tenant=cixi');
      using others = await follow();
      await write('urn:ngsi-ld:Pump:1', 'Pump', 'cixi');
      await write('urn:ngsi-ld:Bus:4', 'Bus');
      expect(ids(await ours.until((got) => ids(got).length > 0))).toEqual(['urn:ngsi-ld:Pump:1']);
      expect(ids(await others.until((got) => ids(got).length > 0))).toEqual(['urn:ngsi-ld:Bus:4']);
    });

    test('is only read, and only by our own pages', async () => {
      using socket = await follow();
      socket.socket.send('hello');
      const [closed] = (await once(socket.socket, 'close')) as [CloseEvent];
      expect(closed.code).toBe(1008);
      const key = 'x3JJHMbDL1EzLkh9GBhXDw==';
      const { port, hostname } = new URL(address);
      const raw = connect(Number(port), hostname);
      raw.write(
        `GET /api/context/changes HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: http://elsewhere.example\r\n` +
          `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
      const [answer] = (await once(raw, 'data')) as [Buffer];
      raw.destroy();
      expect(answer.toString()).toMatch(/^HTTP\/1.1 403 /);
    });

    test('a reader who does not read is dropped with a code, and nothing piles up for him', async () => {
      await using app = Fastify();
      await app.register(websocket);
      const message = { event: 'changes', data: 'x'.repeat(1024 * 1024) };
      let sent = 0;
      let done: Promise<void> | undefined;
      app.get('/', { websocket: true }, (socket) => {
        done = sendOverSocket(socket, new AbortController().signal, async function* () {
          for (;;) {
            await new Promise((next) => setTimeout(next, 1));
            sent++;
            yield message;
          }
        });
      });
      const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
      const client = connect(Number(port), '127.0.0.1');
      client.write(
        'GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n',
      );
      await once(client, 'data');
      client.pause();
      await done;
      expect(sent).toBeLessThan(60);
      let tail = Buffer.alloc(0);
      client.on('data', (chunk) => (tail = Buffer.concat([tail.subarray(-200), chunk])));
      client.resume();
      while (!tail.subarray(-125).includes(Buffer.from([0x03, 0xf5])))
        await new Promise((next) => setTimeout(next, 10));
      client.destroy();
    });
  });

  describe('many readers', () => {
    test('share one look into the outbox, and beyond a thousand are told to come back', async () => {
      const asked = { tail: 0, read: 0 };
      const { outbox } = house;
      const feed = openFeed(
        {
          ...outbox,
          tail: (...given) => (asked.tail++, outbox.tail(...given)),
          read: (...given) => (asked.read++, outbox.read(...given)),
        },
        house.app.log as never,
      );
      const end = new AbortController();
      const from = await outbox.last();
      const readers = Array.from({ length: 1000 }, () => feed.follow(from, end.signal));
      const firsts = readers.map((reader) => reader.next());
      await new Promise((done) => setTimeout(done, 200));
      asked.read = 0;
      await write('urn:ngsi-ld:Bus:9', 'Bus');
      for (const first of await Promise.all(firsts))
        expect((first.value as readonly { key: string }[]).map(({ key }) => key)).toEqual([
          'urn:ngsi-ld:Bus:9',
        ]);
      expect(asked).toEqual({ tail: 1, read: 0 });
      await expect(feed.follow(from, end.signal).next()).rejects.toThrow(/1000 readers/);
      expect(() => feed.mustHaveRoom()).toThrow(/1000 readers/);
      end.abort();
      await Promise.all(readers.map((reader) => reader.return(undefined)));
      expect(feed.readers()).toBe(0);
    });
  });
});
