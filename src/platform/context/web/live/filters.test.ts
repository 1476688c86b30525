import { expect, test } from 'vitest';
import { countThings, filtersQuery, matches, NONE, readFilters } from './filters.ts';
import type { Thing } from './things.ts';

const thing = (type: string, system: string, district: string, demo = false): Thing => ({
  system,
  district,
  feature: {
    type: 'Feature',
    id: `${type}${district}`,
    geometry: null,
    properties: { type, name: null, demo, modifiedAt: '2026-01-01', course: null, facts: {} },
  },
});
const things = [
  thing('Vessel', 'S7', 'beilun'),
  thing('Vessel', 'S7', 'zhenhai', true),
  thing('Streetlight', 'S5', 'beilun'),
  thing('Sensor', '', ''),
];

test('filters survive the way through the address of the page', () => {
  const filters = { types: ['Vessel'], system: 'S7', district: 'beilun', hideDemo: true };
  expect(readFilters(filtersQuery(filters))).toEqual(filters);
  expect(filtersQuery(readFilters({}))).toEqual({});
});

test('each choice counts what it would show while the other filters stay', () => {
  const counts = countThings(things, readFilters({ district: 'beilun' }));
  expect(counts.shown).toBe(2);
  expect(Object.fromEntries(counts.byType)).toEqual({ Vessel: 1, Streetlight: 1 });
  expect(Object.fromEntries(counts.byDistrict)).toEqual({ beilun: 2, zhenhai: 1, [NONE]: 1 });
});

test('what no system has can be chosen too', () => {
  const filters = readFilters({ system: NONE });
  expect(things.filter((one) => matches(one, filters))).toEqual([things[3]]);
});

test('the live figures of a system do not depend on the filters', () => {
  const { live } = countThings(things, readFilters({ demo: 'hide', types: 'Sensor' }));
  expect(live.get('S7')).toEqual({ count: 2, demo: 1, newest: '2026-01-01' });
});
