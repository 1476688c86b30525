import { expect, test } from 'vitest';
import type { CityFeature } from '#platform/ui/web';
import { labelled, nameOf, openFeatures, openSorter } from './things.ts';

const bus = (id: string, modifiedAt: string, lon = 121.5): CityFeature => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [lon, 29.9] },
  properties: { type: 'Vehicle', name: id, demo: false, modifiedAt, course: null, facts: {} },
});
const lonOf = (feature: CityFeature | undefined) =>
  feature?.geometry?.type === 'Point' ? feature.geometry.coordinates[0] : undefined;

test('an answer that is older than a change does not move a bus back', () => {
  const things = openFeatures();
  things.change([bus('a', '2026-01-01T00:00:05Z', 121.6)]);
  things.load([bus('a', '2026-01-01T00:00:01Z', 121.5)]);
  expect(lonOf(things.get('a'))).toBe(121.6);
});

test('what an answer no longer names is gone, what came after it was made stays', () => {
  const things = openFeatures();
  things.load([bus('old', '2026-01-01T00:00:00Z')]);
  things.change([bus('new', '2026-01-01T00:00:09Z')]);
  things.load([bus('a', '2026-01-01T00:00:05Z')]);
  expect(
    things
      .all()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['a', 'new']);
});

test('a deleted thing is taken off once', () => {
  const things = openFeatures();
  things.load([bus('a', '2026-01-01T00:00:00Z')]);
  expect(things.change([{ id: 'a', deleted: true }]).remove).toEqual(['a']);
  expect(things.change([{ id: 'a', deleted: true }]).remove).toEqual([]);
});

test('a state of a thing is sorted once, the next state anew', () => {
  let asked = 0;
  const sort = openSorter(
    () => `S${++asked}`,
    () => '',
  );
  const first = bus('a', '2026-01-01T00:00:00Z');
  expect([sort(first).system, sort(first).system, sort({ ...first }).system]).toEqual([
    'S1',
    'S1',
    'S2',
  ]);
});

test('a thing is labelled in the language shown, and not at all where it has no name', () => {
  const named = bus('a', '2026-01-01T00:00:00Z');
  const both = { ...named, properties: { ...named.properties, nameEn: 'Bus' } };
  expect([nameOf(both, 'en'), nameOf(both, 'zh-CN'), nameOf(named, 'en')]).toEqual([
    'Bus',
    'a',
    'a',
  ]);
  const nameless = { ...named, properties: { ...named.properties, name: null } };
  expect(labelled(nameless, 'en').properties).not.toHaveProperty('label');
});
