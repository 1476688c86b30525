import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hourlyAirQuality } from '../../air/hj633.ts';
import { translateStations } from './translate.ts';

const FILE = new URL('../../../../../../shared/data/air-quality/airnow.json', import.meta.url);

const NAME_OF: Readonly<Record<string, string>> = {
  so2: '二氧化硫',
  co: '一氧化碳',
  pm10: '颗粒物(PM10)',
  pm25: '细颗粒物(PM2.5)',
};

type Published = {
  features: { properties: { aqi: string; quality: string; primarypollutant: string } }[];
};

const station = (changes: Record<string, unknown> = {}) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [121.554, 29.8906] },
  properties: {
    stationcode: '1237A',
    positionname: '三江中学',
    area: '宁波市',
    timepoint: '2018-02-20T07:00:00',
    aqi: '-;',
    so2: '-;',
    so2_24h: '-;',
    no2: '17',
    pm10: '-;',
    pm2_5: '38',
    co: '0.7',
    o3_24h: '62',
    ...changes,
  },
});

const only = (feature: unknown) => [...translateStations({ features: [feature] })][0]!;

describe.skipIf(!existsSync(FILE))('the national network, one hour of 2018 (shared data)', () => {
  const published = (
    existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { features: [] }
  ) as Published;
  const entities = [...translateStations(published)].flatMap((t) =>
    'entity' in t ? [t.entity] : [],
  );
  const value = (entity: Record<string, unknown>, name: string) =>
    (entity[name] as { value: unknown } | undefined)?.value;

  test('every station becomes an entity of its own', () => {
    expect(entities).toHaveLength(1495);
    expect(new Set(entities.map((e) => e.id)).size).toBe(1495);
    expect(entities.filter((e) => JSON.stringify(e['address']).includes('宁波市'))).toHaveLength(8);
  });

  test('index, level and primary pollutants agree with all 1,475 published ones', () => {
    const compared = published.features.flatMap(({ properties: p }, i) =>
      p.aqi === '-;' ? [] : [{ p, entity: entities[i]! }],
    );
    expect(compared).toHaveLength(1475);
    for (const { p, entity } of compared) {
      expect(value(entity, 'airQualityIndex')).toBe(Number(p.aqi));
      expect(entity['airQualityLevel']).toMatchObject({ languageMap: { zh: p.quality } });
      const primary = (value(entity, 'primaryPollutants') as string[]).map((name) => NAME_OF[name]);
      expect(primary.join() || '-;').toBe(p.primarypollutant);
    }
  });
});

test('a station is located, and each measure has its unit and its instant in UTC', () => {
  expect(only(station())).toEqual({
    entity: {
      id: 'urn:ngsi-ld:AirQualityObserved:cnemc-1237A',
      type: 'AirQualityObserved',
      location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.554, 29.8906] } },
      stationCode: { type: 'Property', value: '1237A' },
      stationName: { type: 'Property', value: '三江中学' },
      address: { type: 'Property', value: { addressCountry: 'CN', addressLocality: '宁波市' } },
      no2: { type: 'Property', value: 17, unitCode: 'GQ', observedAt: '2018-02-19T23:00:00.000Z' },
      co: { type: 'Property', value: 0.7, unitCode: 'GP', observedAt: '2018-02-19T23:00:00.000Z' },
      o3: { type: 'Property', value: 62, unitCode: 'GQ', observedAt: '2018-02-19T23:00:00.000Z' },
      pm25: { type: 'Property', value: 38, unitCode: 'GQ', observedAt: '2018-02-19T23:00:00.000Z' },
      airQualityIndex: { type: 'Property', value: 54, observedAt: '2018-02-19T23:00:00.000Z' },
      airQualityLevel: {
        type: 'LanguageProperty',
        languageMap: { zh: '良', en: 'Good' },
        observedAt: '2018-02-19T23:00:00.000Z',
      },
      primaryPollutants: {
        type: 'Property',
        value: ['pm25'],
        observedAt: '2018-02-19T23:00:00.000Z',
      },
    },
  });
  expect(hourlyAirQuality({ pm25: 38 })?.index).toBe(54);
});

test('a wrong feature is refused by itself and says where it is wrong', () => {
  expect(only({})).toEqual({ refused: expect.stringContaining('features/0') });
  expect(only(station({ timepoint: '2018-02-30T07:00:00' }))).toEqual({
    refused: expect.stringContaining('timepoint'),
  });
  expect(only(station({ stationcode: 'a b' }))).toEqual({
    refused: expect.stringContaining('/properties/stationcode'),
  });
});

test('what is no collection is refused as a whole', () => {
  expect(() => [...translateStations({ stations: [] })]).toThrow('it has no features');
});
