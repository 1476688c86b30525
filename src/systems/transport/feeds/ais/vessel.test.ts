import { expect, test } from 'vitest';
import { shipTypeName, statusName } from './names.ts';
import { toEntity, toOwnShip } from './vessel.ts';

const AT = Date.UTC(2026, 11, 30, 6, 0, 0);
const observedAt = '2026-12-30T06:00:00.000Z';

test('a position becomes the moving part of a vessel', () => {
  expect(
    toEntity(
      {
        type: 1,
        sender: 'vessel',
        mmsi: '477553000',
        status: 5,
        speed: 0.1,
        course: 51,
        heading: 181,
        position: [121.9, 29.95],
      },
      AT,
    ),
  ).toEqual({
    id: 'urn:ngsi-ld:Vessel:mmsi-477553000',
    type: 'Vessel',
    mmsi: { type: 'Property', value: '477553000', observedAt },
    location: {
      type: 'GeoProperty',
      value: { type: 'Point', coordinates: [121.9, 29.95] },
      observedAt,
    },
    speedOverGround: { type: 'Property', value: 0.1, unitCode: 'KNT', observedAt },
    courseOverGround: { type: 'Property', value: 51, unitCode: 'DD', observedAt },
    heading: { type: 'Property', value: 181, unitCode: 'DD', observedAt },
    navigationalStatus: {
      type: 'LanguageProperty',
      languageMap: { zh: '系泊', en: 'Moored' },
      observedAt,
    },
  });
});

test('a voyage becomes the lasting part of a vessel, and an arrival falls into the nearest year', () => {
  const entity = toEntity(
    {
      type: 5,
      sender: 'vessel',
      mmsi: '351759000',
      shipType: 70,
      dimensions: { bow: 225, stern: 70, port: 1, starboard: 31 },
      draught: 12.2,
      arrival: { month: 1, day: 2, hour: 14, minute: 0 },
    },
    AT,
  );
  expect(entity).toMatchObject({
    vesselType: { languageMap: { zh: '货船', en: 'Cargo' } },
    dimensions: {
      value: { bow: 225, stern: 70, port: 1, starboard: 31, length: 295, width: 32 },
      unitCode: 'MTR',
    },
    draught: { value: 12.2, unitCode: 'MTR' },
    estimatedTimeOfArrival: { value: '2027-01-02T14:00:00.000Z' },
  });
  expect(entity).not.toHaveProperty('location');
});

test('an arrival on a day that the year lacks is left out', () => {
  const arrival = { month: 2, day: 30, hour: 1, minute: 0 };
  expect(
    toEntity({ type: 5, sender: 'vessel', mmsi: '351759000', arrival }, AT),
  ).not.toHaveProperty('estimatedTimeOfArrival');
});

test('what is no vessel is another type', () => {
  expect(toEntity({ type: 21, sender: 'aid-to-navigation', mmsi: '993692028' }, AT)).toMatchObject({
    id: 'urn:ngsi-ld:AidToNavigation:mmsi-993692028',
    type: 'AidToNavigation',
  });
});

test('own ship is known by the id of its receiver', () => {
  expect(
    toOwnShip('urn:ngsi-ld:Vessel:own', { at: AT, position: [121.9, 29.95], speed: 4 }),
  ).toMatchObject({
    id: 'urn:ngsi-ld:Vessel:own',
    speedOverGround: { value: 4, unitCode: 'KNT', observedAt },
  });
});

test('types and statuses have names in both languages', () => {
  expect(shipTypeName(84)).toEqual({ zh: '油轮', en: 'Tanker' });
  expect(shipTypeName(52)).toEqual({ zh: '拖轮', en: 'Tug' });
  expect(shipTypeName(38)).toBeUndefined();
  expect(shipTypeName(200)).toBeUndefined();
  expect(statusName(1)).toEqual({ zh: '锚泊', en: 'At anchor' });
});
