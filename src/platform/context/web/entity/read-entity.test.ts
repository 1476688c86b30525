import { expect, test } from 'vitest';
import { readEntity } from './read-entity.ts';

// The example of NGSI-LD's annex C.2.1, shortened, with the parts of 4.5.5 (datasets) and system attributes.
const vehicle = {
  id: 'urn:ngsi-ld:Vehicle:A4567',
  type: 'Vehicle',
  createdAt: '2017-07-29T11:00:00Z',
  modifiedAt: '2017-07-29T12:00:05Z',
  name: { type: 'LanguageProperty', languageMap: { en: 'Bus', zh: '公交车' } },
  demo: { type: 'Property', value: true },
  brandName: { type: 'Property', value: 'Mercedes' },
  isParked: {
    type: 'Relationship',
    object: 'urn:ngsi-ld:OffStreetParking:Downtown1',
    observedAt: '2017-07-29T12:00:04Z',
    providedBy: { type: 'Relationship', object: 'urn:ngsi-ld:Person:Bob' },
  },
  speed: [
    {
      type: 'Property',
      value: 55,
      unitCode: 'KMH',
      datasetId: 'urn:ngsi-ld:Property:speedometerA4567-speed',
      observedAt: '2017-07-29T12:00:05Z',
      source: { type: 'Property', value: 'Speedometer' },
      accuracy: { type: 'Property', value: 0.5 },
    },
    { type: 'Property', value: 54.5, datasetId: 'urn:ngsi-ld:Property:gpsBxyz123-speed' },
  ],
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.2] } },
};

test('each dataset of an attribute is a fact of its own, with unit, source and what is said about it', () => {
  const { facts } = readEntity(vehicle);
  const speeds = facts.filter(({ name }) => name === 'speed');
  expect(speeds.map(({ value }) => value)).toEqual([55, 54.5]);
  expect(speeds[0]).toMatchObject({ unitCode: 'KMH', sources: ['Speedometer'] });
  expect(speeds[0]?.about.map(({ name, value }) => [name, value])).toEqual([['accuracy', 0.5]]);
});

test('name, demo and place are told once, and the newest observation gives the age', () => {
  const entity = readEntity(vehicle);
  expect(entity).toMatchObject({
    demo: true,
    name: { zh: '公交车' },
    newest: '2017-07-29T12:00:05Z',
  });
  expect(entity.facts.map(({ name }) => name)).toEqual([
    'speed',
    'speed',
    'isParked',
    'brandName',
    'location',
  ]);
  expect(entity.facts.find(({ name }) => name === 'isParked')?.sources).toEqual([
    'urn:ngsi-ld:Person:Bob',
  ]);
});
