import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#kernel/errors';
import { coreNames } from '../jsonld/compile.ts';
import { parseEntity } from './parse.ts';
import { presentEntity } from './present.ts';

const now = '2026-08-01T00:00:00.000Z';
const roundTrip = (json: unknown, as: 'normalized' | 'concise' | 'simplified' = 'normalized') => {
  const { scopes = [], ...fragment } = parseEntity(json, coreNames);
  return presentEntity(
    { ...fragment, scopes, createdAt: now, modifiedAt: now },
    { names: coreNames, as },
  );
};
const entity = (attributes: object) => ({ id: 'urn:ngsi-ld:T:1', type: 'T', ...attributes });

// The examples of GS CIM 009, clauses 4.5.2–4.5.25 and C.2, shortened.
test.each([
  [
    'Property',
    { speed: { type: 'Property', value: 55, unitCode: 'KMH', observedAt: '2017-07-29T12:00:04Z' } },
  ],
  [
    'Property of a Property',
    { speed: { type: 'Property', value: 55, source: { type: 'Property', value: 'Speedometer' } } },
  ],
  [
    'Relationship',
    { isParked: { type: 'Relationship', object: 'urn:ngsi-ld:OffStreetParking:Downtown1' } },
  ],
  ['Relationship to several', { knows: { type: 'Relationship', object: ['urn:a:1', 'urn:a:2'] } }],
  [
    'LanguageProperty',
    { street: { type: 'LanguageProperty', languageMap: { fr: 'Grand Place', nl: 'Grote Markt' } } },
  ],
  [
    'VocabProperty',
    { category: { type: 'VocabProperty', vocab: ['commercial', 'https://example.org/x'] } },
  ],
  ['ListProperty', { walk: { type: 'ListProperty', valueList: [1, 2, 3] } }],
  [
    'ListRelationship',
    {
      route: {
        type: 'ListRelationship',
        objectList: [{ object: 'urn:a:1' }, { object: 'urn:a:2' }],
      },
    },
  ],
  ['JsonProperty', { raw: { type: 'JsonProperty', json: { a: [1, { b: null }] } } }],
  [
    'GeoProperty',
    { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.2] } } },
  ],
  [
    'two datasets',
    {
      speed: [
        { type: 'Property', value: 55 },
        { type: 'Property', value: 54.5, datasetId: 'urn:ngsi-ld:Property:gpsBxyz123-speed' },
      ],
    },
  ],
])('%s is kept as it was sent', (_kind, attributes) => {
  expect(roundTrip(entity(attributes))).toEqual(entity(attributes));
});

test('the concise form leaves out what can be told from the rest', () => {
  const concise = entity({
    speed: { value: 55, unitCode: 'KMH' },
    brandName: 'Mercedes',
    isParked: { object: 'urn:ngsi-ld:OffStreetParking:Downtown1' },
    location: { type: 'Point', coordinates: [1, 2] },
    address: { value: { street: 'Main' } },
  });
  expect(roundTrip(concise, 'concise')).toEqual(concise);
  expect(roundTrip(concise, 'simplified')).toMatchObject({
    speed: 55,
    isParked: 'urn:ngsi-ld:OffStreetParking:Downtown1',
    address: { street: 'Main' },
  });
});

test.each([
  [{ type: 'T' }, /id must be a URI/],
  [{ id: 'no uri', type: 'T' }, /id must be a URI/],
  [{ id: 'urn:a:1' }, /type must be/],
  [entity({ speed: null }), /speed is null/],
  [entity({ speed: { type: 'Property' } }), /without value/],
  [entity({ speed: { type: 'Proprety', value: 1 } }), /no kind of attribute/],
  [
    entity({ speed: { type: 'Property', value: 1, observedAt: 'yesterday' } }),
    /observedAt must be/,
  ],
  [entity({ rel: { type: 'Relationship', object: 'nowhere' } }), /must point to a URI/],
  [entity({ 'bad name': 1 }), /not a name/],
  [entity({ speed: 'urn:ngsi-ld:null' }), /cannot be created/],
  [
    entity({ location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [200, 0] } } }),
    /coordinates|longitude|position/i,
  ],
  [
    entity({
      speed: [
        { type: 'Property', value: 1 },
        { type: 'Property', value: 2 },
      ],
    }),
    /same datasetId/,
  ],
])('%j is refused', (json, why) => {
  expect(() => parseEntity(json, coreNames)).toThrow(why);
});

test('whatever comes, it is an entity or a refusal that says why', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, nulls) => {
      try {
        parseEntity(
          { id: 'urn:a:1', type: 'T', x: value, ...(typeof value === 'object' ? value : {}) },
          coreNames,
          { nulls },
        );
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 2000 },
  );
});
