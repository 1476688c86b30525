import { createReadStream, existsSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import realtime from 'gtfs-realtime-bindings';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import type { House } from '#kernel/boot';
import type { ImportProgress } from '#kernel/module';
import type { Context } from '#platform/context';
import context from '../../platform/context/module.ts';
import { openTestHouse } from '../../../test/house.ts';
import type { AisStatus } from './contract.ts';
import transport from './module.ts';

const SHARED = new URL('../../../../shared/data/', import.meta.url);
const SAMPLE = new URL('ships/ais/ggencoder_AisHubSample.nmea', SHARED);
const MBTA = new URL('transit/gtfs-rt/mbta_VehiclePositions.pb', SHARED);

const { FeedMessage } = realtime.transit_realtime;

const POSITION = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C';
const VOYAGE = [
  '!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C',
  '!AIVDM,2,2,1,A,88888888880,2*25',
];
const WRONG = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5D';

const entity = async (house: House, id: string) =>
  (await house.app.inject(`/ngsi-ld/v1/entities/${id}`)).json() as Record<
    string,
    Record<string, unknown>
  >;

const list = (house: House, type: string) => {
  const door = house.apis['context'] as Context;
  return door.list({ types: [door.nameOf(type)] });
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
};

const statusWhen = async (
  house: House,
  there: (status: AisStatus) => boolean,
): Promise<AisStatus> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const status = (await house.app.inject('/api/transport/ais')).json() as AisStatus;
    if (there(status)) return status;
    await wait(50);
  }
  throw new Error('The gateway did not get there within five seconds.');
};

const runImport = async (house: House, id: string, file: URL, args = {}) => {
  const importer = house.importers.find((i) => i.id === id)!;
  let last: ImportProgress | undefined;
  for await (const progress of importer.run(createReadStream(file), { checkpoint: 0, args }))
    last = progress;
  return last;
};

describe.each(testEngines)('transport on %s', (engine) => {
  const open = (env: Record<string, string> = {}) =>
    openTestHouse({ modules: [context, transport], engine, env });
  let quiet: House;
  beforeAll(async () => {
    quiet = await open();
    await quiet.listen();
  });
  afterAll(async () => {
    await quiet[Symbol.asyncDispose]();
  });

  test('a ship that is heard over TCP and UDP is an entity a moment later, and what is wrong is counted', async () => {
    const [tcpPort, udpPort] = [await freePort(), await freePort()];
    await using house = await open({ AIS_TCP_PORT: `${tcpPort}`, AIS_UDP_PORT: `${udpPort}` });
    await house.listen();
    const socket = connect(tcpPort, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${POSITION}\r\n${WRONG}\r\n${VOYAGE[0]}\r\n`);
    socket.end(`${VOYAGE[1]}\r\n`);
    const udp = createSocket('udp4');
    udp.send(POSITION, udpPort, '127.0.0.1', () => udp.close());
    const status = await statusWhen(house, ({ stored }) => stored.written === 3);
    expect(status).toMatchObject({
      doors: [`tcp 127.0.0.1:${tcpPort}`, `udp 127.0.0.1:${udpPort}`],
      heard: {
        lines: 5,
        sentences: 4,
        badChecksum: 1,
        malformed: 0,
        incomplete: 0,
        decoded: { 1: 2, 5: 1 },
      },
      stored: { refused: 0, lost: 0 },
    });
    expect(await entity(house, 'urn:ngsi-ld:Vessel:mmsi-477553000')).toMatchObject({
      navigationalStatus: { languageMap: { zh: '系泊', en: 'Moored' } },
      heading: { value: 181, unitCode: 'DD' },
    });
    expect(await entity(house, 'urn:ngsi-ld:Vessel:mmsi-351759000')).toMatchObject({
      name: { value: 'EVER DIADEM' },
      destination: { value: 'NEW YORK' },
    });
  });

  test('a polled feed is asked and its vehicles are entities a moment later', async () => {
    const timestamp = Date.UTC(2026, 7, 1) / 1000;
    const feed = FeedMessage.encode({
      header: { gtfsRealtimeVersion: '2.0', timestamp },
      entity: [
        {
          id: '1',
          vehicle: { vehicle: { id: '7' }, position: { latitude: 29.9, longitude: 121.5 } },
        },
      ],
    }).finish();
    const publisher = createHttpServer((_request, answer) => answer.end(feed)).listen(
      0,
      '127.0.0.1',
    );
    await once(publisher, 'listening');
    const { port } = publisher.address() as AddressInfo;
    await using house = await open({
      GTFS_RT_FEEDS: `bus=http://127.0.0.1:${port}/vehicles.pb`,
      EGRESS_ALLOW: '127.0.0.1',
    });
    for (let tries = 0; tries < 100 && (await list(house, 'Vehicle')).length === 0; tries += 1)
      await wait(50);
    publisher.close();
    expect(await entity(house, 'urn:ngsi-ld:Vehicle:bus-7')).toMatchObject({
      location: { value: { coordinates: [121.5, 29.9] }, observedAt: '2026-08-01T00:00:00.000Z' },
    });
  });

  test('the gateway is off unless a port is set', async () => {
    expect((await quiet.app.inject('/api/transport/ais')).json()).toMatchObject({
      doors: [],
      heard: { lines: 0 },
    });
  });

  test.skipIf(!existsSync(SAMPLE))(
    'an AIS log is imported, and its ships are there (shared data)',
    async () => {
      const last = await runImport(quiet, 'ais', SAMPLE, { at: '2026-08-01T08:00:00+08:00' });
      expect(last).toMatchObject({ done: 52, refused: 0, checkpoint: 52 });
      expect(await list(quiet, 'Vessel')).toHaveLength(48); // as many as a second implementation tells apart
    },
  );

  test.skipIf(!existsSync(MBTA))(
    '650 vehicles of a real feed become entities (shared data)',
    async () => {
      expect(await runImport(quiet, 'gtfs-rt', MBTA, { feed: 'mbta' })).toMatchObject({
        done: 650,
        refused: 0,
      });
      expect(await list(quiet, 'Vehicle')).toHaveLength(650);
      expect(await entity(quiet, 'urn:ngsi-ld:Vehicle:mbta-y2069')).toMatchObject({
        route: { value: '78', observedAt: '2024-11-20T18:51:52.000Z' },
        occupancyStatus: { languageMap: { en: 'Many seats' } },
      });
    },
  );
});
