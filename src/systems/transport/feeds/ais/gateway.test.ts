import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openLog } from '#kernel/log';
import { fixedClock } from '#kernel/time';
import type { EntityPart } from '../../attributes.ts';
import { openGateway, readAddresses } from './gateway.ts';
import { openLines } from './lines.ts';
import { openReceivers, RECEIVERS_MAX } from './receivers.ts';
import { LINE_CHARS_MAX } from './sentence.ts';

const POSITION = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C';

const linesOf = (...chunks: string[]) => {
  const lines: string[] = [];
  const feed = openLines((line) => lines.push(line));
  for (const chunk of chunks) feed(Buffer.from(chunk, 'latin1'));
  return lines;
};

test('lines are whole however the bytes are cut, and whatever ends them', () => {
  expect(linesOf('one\r', '\ntw', 'o\nthree\r\n\r\nfour')).toEqual(['one', 'two', 'three']);
});

test('a line that never ends is handed on once, and what follows it is read', () => {
  const long = 'x'.repeat(LINE_CHARS_MAX + 1);
  expect(linesOf(long, long, 'rest\nnext\n')).toEqual([long, 'next']);
});

test('the gateway calls a receiver and hears it', async () => {
  const shore = createServer((socket) => socket.write(`${POSITION}\r\n`)).listen(0, '127.0.0.1');
  await once(shore, 'listening');
  const { port } = shore.address() as AddressInfo;
  const heard = Promise.withResolvers<EntityPart>();
  const receivers = openReceivers(heard.resolve);
  const gateway = openGateway(
    { host: '127.0.0.1', tcpPort: 0, udpPort: 0, connectTo: readAddresses(`127.0.0.1:${port}`) },
    { receivers, clock: fixedClock('2026-08-01T00:00:00Z'), log: openLog('silent') },
  );
  await gateway.listen();
  expect(await heard.promise).toMatchObject({
    id: 'urn:ngsi-ld:Vessel:mmsi-477553000',
    location: { observedAt: '2026-08-01T00:00:00.000Z' },
  });
  await gateway.close();
  shore.close();
});

test('a port that is taken is refused with its number', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const gateway = openGateway(
    { host: '127.0.0.1', tcpPort: port, udpPort: 0, connectTo: [] },
    {
      receivers: openReceivers(() => {}),
      clock: fixedClock('2026-08-01T00:00:00Z'),
      log: openLog('silent'),
    },
  );
  await expect(gateway.listen()).rejects.toThrow(`cannot open TCP port ${port}: EADDRINUSE`);
  await gateway.close();
  other.close();
});

test('an address that is none is refused', () => {
  expect(readAddresses('a.example:10110, b.example:4001')).toEqual([
    { host: 'a.example', port: 10_110 },
    { host: 'b.example', port: 4001 },
  ]);
  expect(() => readAddresses('a.example')).toThrow('not host:port: a.example');
  expect(() => readAddresses('a.example:99999')).toThrow('not host:port');
});

test('more receivers than the limit are heard one after another, and their counts are kept', () => {
  const receivers = openReceivers(() => {});
  for (let i = 0; i < RECEIVERS_MAX + 5; i += 1)
    receivers.feed(`udp ${i}`, Buffer.from(`${POSITION}\n`), 0);
  expect(receivers.receivers()).toBe(RECEIVERS_MAX);
  expect(receivers.counters()).toMatchObject({
    lines: RECEIVERS_MAX + 5,
    decoded: { 1: RECEIVERS_MAX + 5 },
  });
});
