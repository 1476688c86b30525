import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import realtime from 'gtfs-realtime-bindings';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#kernel/errors';
import { readVehicleFeed } from './vehicles.ts';

const { FeedMessage } = realtime.transit_realtime;
const SHARED = new URL('../../../../../../shared/data/', import.meta.url);
const bytesOf = (path: string) => readFileSync(new URL(path, SHARED));
const there = existsSync(new URL('gtfs-rt/expected.json', SHARED));

type Expected = { feeds: { file: string; kind: string; vehicles?: number; firstTripId: string }[] };

describe.skipIf(!there)('feeds of real cities (shared data)', () => {
  test('all 650 vehicles of Boston are read and located', () => {
    const feed = readVehicleFeed('mbta', bytesOf('transit/gtfs-rt/mbta_VehiclePositions.pb'), 0);
    expect(feed.at).toBe(1_732_128_725_000);
    expect(feed).toMatchObject({ others: 0, refused: [] });
    expect(feed.vehicles).toHaveLength(650);
    expect(new Set(feed.vehicles.map((v) => v.id)).size).toBe(650);
    expect(feed.vehicles.every((v) => v['location'])).toBe(true);
    const observedAt = '2024-11-20T18:51:52.000Z';
    expect(feed.vehicles[0]).toMatchObject({
      id: 'urn:ngsi-ld:Vehicle:mbta-y2069',
      type: 'Vehicle',
      location: { value: { type: 'Point', coordinates: [-71.126419, 42.379745] }, observedAt },
      bearing: { value: 322, unitCode: 'DD' },
      trip: { value: '64821026' },
      route: { value: '78' },
      stop: { value: '2162' },
      currentStatus: { languageMap: { en: 'At the stop' } },
      occupancyStatus: { languageMap: { en: 'Many seats' } },
      occupancyPercentage: { value: 20, unitCode: 'P1' },
    });
  });

  test('as many vehicles are read as their publishers assert', () => {
    const expected = JSON.parse(bytesOf('gtfs-rt/expected.json').toString()) as Expected;
    const feeds = expected.feeds.filter((f) => f.kind === 'vehicle positions');
    expect(feeds).toHaveLength(2);
    for (const { file, vehicles, firstTripId } of feeds) {
      const read = readVehicleFeed('king-county', bytesOf(`gtfs-rt/${file}`), 0);
      expect(read.vehicles).toHaveLength(vehicles!);
      expect(read.vehicles[0]).toMatchObject({ trip: { value: firstTripId } });
    }
  });

  test('a feed of trip updates has no vehicles', () => {
    const read = readVehicleFeed('septa', bytesOf('gtfs-rt/septa.pbf'), 0);
    expect(read).toMatchObject({ vehicles: [], others: 35, refused: [] });
  });
});

const feedOf = (...vehicles: realtime.transit_realtime.IVehiclePosition[]) =>
  FeedMessage.encode({
    header: { gtfsRealtimeVersion: '2.0', incrementality: 0, timestamp: 1_800_000_000 },
    entity: vehicles.map((vehicle, i) => ({ id: String(i), vehicle })),
  }).finish();

test('what a vehicle does not tell is absent, and its instant is the feed’s', () => {
  const { vehicles } = readVehicleFeed('a', feedOf({ vehicle: { id: '甲 1' } }), 0);
  expect(vehicles).toEqual([
    {
      id: 'urn:ngsi-ld:Vehicle:a-%E7%94%B2%201',
      type: 'Vehicle',
      feed: { type: 'Property', value: 'a', observedAt: '2027-01-15T08:00:00.000Z' },
      name: { type: 'Property', value: '甲 1', observedAt: '2027-01-15T08:00:00.000Z' },
    },
  ]);
});

test('a vehicle without a name or off the Earth is refused by itself', () => {
  const read = readVehicleFeed(
    'a',
    feedOf(
      { position: { latitude: 29.9, longitude: 121.5 } },
      { vehicle: { id: '2' }, position: { latitude: 100, longitude: 121.5 } },
      { vehicle: { id: '3' }, position: { latitude: 29.9, longitude: 121.5, speed: 10 } },
    ),
    0,
  );
  expect(read.refused).toEqual([
    expect.stringContaining('entity 0: a vehicle without an id'),
    expect.stringContaining('entity 1: vehicle 2 is not on Earth'),
  ]);
  expect(read.vehicles).toMatchObject([{ speed: { value: 10, unitCode: 'MTS' } }]);
});

test('a feed name that could not stand in an id is refused', () => {
  expect(() => readVehicleFeed('Bad name', feedOf(), 0)).toThrow(Refusal);
});

test('bytes that are no feed are refused, never worse', () => {
  expect(() => readVehicleFeed('a', new TextEncoder().encode('<html>'), 0)).toThrow(
    /no GTFS Realtime FeedMessage/,
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (noise, at) => {
      const real = feedOf({ vehicle: { id: '3' }, position: { latitude: 29.9, longitude: 121.5 } });
      try {
        readVehicleFeed(
          'a',
          Uint8Array.from([...real.subarray(0, at), ...noise, ...real.subarray(at)]),
          0,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 500 },
  );
});
