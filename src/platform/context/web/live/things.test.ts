import { expect, test } from 'vitest';
import type { CityFeature } from '#platform/ui/web';
import { openThings } from './things.ts';

const bus = (id: string, modifiedAt: string, lon = 121.5): CityFeature => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [lon, 29.9] },
  properties: { type: 'Vehicle', name: id, demo: false, modifiedAt, course: null, facts: {} },
});
const sorting = { systemOf: () => 'S7', districtOf: () => 'haishu' };
const lonOf = (feature: CityFeature | undefined) =>
  feature?.geometry?.type === 'Point' ? feature.geometry.coordinates[0] : undefined;

test('an answer that is older than a change does not move a bus back', () => {
  const things = openThings(sorting);
  things.change([bus('a', '2026-01-01T00:00:05Z', 121.6)]);
  things.load([bus('a', '2026-01-01T00:00:01Z', 121.5)]);
  expect(lonOf(things.get('a')?.feature)).toBe(121.6);
});

test('what an answer no longer names is gone, what came after it was made stays', () => {
  const things = openThings(sorting);
  things.load([bus('old', '2026-01-01T00:00:00Z')]);
  things.change([bus('new', '2026-01-01T00:00:09Z')]);
  things.load([bus('a', '2026-01-01T00:00:05Z')]);
  expect([...things.all()].map(({ feature }) => feature.id).sort()).toEqual(['a', 'new']);
});

test('a deleted thing is taken off once', () => {
  const things = openThings(sorting);
  things.load([bus('a', '2026-01-01T00:00:00Z')]);
  expect(things.change([{ id: 'a', deleted: true }]).remove).toEqual(['a']);
  expect(things.change([{ id: 'a', deleted: true }]).remove).toEqual([]);
});
