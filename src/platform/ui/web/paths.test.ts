import { expect, test } from 'vitest';
import { paths, withQuery } from './paths.ts';

test('what is not set is left out, what is set is encoded', () => {
  expect(withQuery('/a', { text: '江 北&1', limit: 5, none: undefined, empty: '' })).toBe(
    '/a?text=%E6%B1%9F+%E5%8C%97%261&limit=5',
  );
  expect(withQuery('/a', {})).toBe('/a');
});

test('an entity id that is a URI is one segment of the path', () => {
  expect(paths.api.entity('urn:ngsi-ld:Vehicle:a/b')).toBe(
    '/ngsi-ld/v1/entities/urn%3Angsi-ld%3AVehicle%3Aa%2Fb',
  );
});

test('the change stream goes on after the last event seen', () => {
  expect(paths.api.changes([])).toBe('/api/context/changes');
  expect(paths.api.changes(['Vehicle', 'Vessel'], '42')).toBe(
    '/api/context/changes?types=Vehicle%2CVessel&after=42',
  );
});

test('the map opens on an entity', () => {
  expect(paths.city()).toBe('/city');
  expect(paths.city({ entity: 'urn:x:1' })).toBe('/city?entity=urn%3Ax%3A1');
});
