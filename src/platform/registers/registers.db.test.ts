import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../test/house.ts';
import type { Registers } from './index.ts';
import registers from './module.ts';

const SURVEYED = '../shared/data/boundaries/ningbo_boundaries_cgcs2000.json';

describe.each(testEngines)('registers on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [registers], engine, at: '2026-08-01T08:00:00+08:00' });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const get = async (path: string, status = 200) => {
    const answer = await house.app.inject(`/api/registers${path}`);
    expect(answer.statusCode, answer.body).toBe(status);
    return answer.json();
  };
  const api = () => house.apis['registers'] as Registers;
  const load = async (text: string, args: Record<string, string>) => {
    const importer = house.importers.find((i) => i.id === 'boundaries')!;
    const reports = [];
    for await (const report of importer.run(
      (async function* () {
        yield Buffer.from(text);
      })(),
      { checkpoint: 0, args },
    ))
      reports.push(report);
    return reports.at(-1)!;
  };

  test('the city is Ningbo, and its boundaries are approximate until imported', async () => {
    expect(await get('/city')).toMatchObject({
      id: 'ningbo',
      code: '330200',
      boundaries: 'approximate',
    });
  });
  test('districts are those of the day asked for', async () => {
    expect((await get('/districts?on=2011-06-01')).items).toHaveLength(11);
    const today = await get('/districts');
    expect(today).toMatchObject({ on: '2026-08-01' });
    expect(today.items).toHaveLength(10);
    expect(await get('/districts?on=2011-02-30', 400)).toMatchObject({
      title: 'on=2011-02-30 is no day.',
    });
    await get('/districts?on=yesterday', 400);
  });
  test('the outline is cached by its content', async () => {
    const first = await house.app.inject('/api/registers/outline');
    expect(first.json().features).toHaveLength(11);
    const etag = String(first.headers['etag']);
    const again = await house.app.inject({
      url: '/api/registers/outline',
      headers: { 'if-none-match': etag },
    });
    expect(again.statusCode).toBe(304);
    expect((await house.app.inject('/api/registers/land')).json().features.length).toBeGreaterThan(
      0,
    );
  });
  test('below the city are districts, below a district streets and towns', async () => {
    expect((await get('/places')).items).toHaveLength(10);
    const { items } = await get('/places?parent=330205');
    expect(items).toContainEqual({
      code: '330205103',
      kind: 'street',
      name: { zh: '慈城镇', en: '慈城镇' },
      parent: '330205',
    });
    await get('/places?parent=110101', 404);
  });
  test('bodies change with the reform of 2019', async () => {
    const ids = async (on: string) =>
      (await get(`/bodies?on=${on}`)).items.map((b: { id: string }) => b.id);
    expect(await ids('2013-01-01')).toContain('health');
    expect(await ids('2026-01-01')).toContain('health-commission');
    expect(await ids('2026-01-01')).not.toContain('health');
  });
  test('a year of the calendar names its notice, a year without one is not official', async () => {
    expect(await get('/calendar/2024')).toMatchObject({
      official: true,
      workingDays: 251,
      source: { notice: '国办发明电〔2023〕7号' },
    });
    expect(await get('/calendar/2027')).toMatchObject({ official: false, source: null });
    await get('/calendar/soon', 400);
  });
  test('search finds Chinese anywhere and English from the beginning of a word', async () => {
    const jiangbei = await get(`/search?text=${encodeURIComponent('江北')}`);
    expect(jiangbei.places[0]).toMatchObject({ code: '330205', kind: 'district' });
    expect((await get('/search?text=hai')).places[0].name.en).toBe('Haishu District');
    expect((await get('/search?text=high-tech')).bodies[0].id).toBe('high-tech-zone');
    expect((await get('/search?text=ingbo')).bodies).toEqual([]);
    expect((await get('/search?text=a&limit=3')).bodies.length).toBeLessThanOrEqual(3);
    await get('/search?text=&limit=3', 400);
  });
  test('a position lies in the district of the nearest seat, said to be approximate', async () => {
    expect(await api().districtAt([121.551, 29.872])).toMatchObject({
      approximate: true,
      district: { id: 'haishu' },
    });
    expect(await api().districtAt([116.4, 39.9])).toBeUndefined();
  });

  describe('with imported boundaries', () => {
    const square = (w: number, s: number, e: number, n: number) => ({
      type: 'Polygon',
      coordinates: [
        [
          [w, s],
          [e, s],
          [e, n],
          [w, n],
          [w, s],
        ],
      ],
    });
    const file = (...features: [Record<string, unknown>, unknown][]) =>
      JSON.stringify({
        type: 'FeatureCollection',
        features: features.map(([properties, geometry]) => ({
          type: 'Feature',
          properties,
          geometry,
        })),
      });

    test('what is no collection of areas is refused, and nothing changes', async () => {
      await expect(load('{', { source: 'x' })).rejects.toThrow('not JSON');
      await expect(load('{"type":"Point"}', { source: 'x' })).rejects.toThrow(
        'no GeoJSON collection of areas',
      );
      await expect(
        load(file([{ code: '110101' }, square(1, 1, 2, 2)]), { source: 'x' }),
      ).rejects.toThrow('no district of this city');
      await expect(load(file(), {})).rejects.toThrow('Say where the boundaries are from');
      expect((await get('/boundaries')).features).toEqual([]);
    });
    test('they decide where a position lies', async () => {
      const report = await load(
        file(
          [{ adcode: 330205 }, square(121.5, 29.8, 121.6, 29.9)],
          [{ name: '镇海区' }, square(121.6, 29.8, 121.7, 29.9)],
          [{ name: '西湖区' }, square(120, 30, 120.1, 30.1)],
        ),
        { source: 'a test' },
      );
      expect(report).toMatchObject({ done: 2, refused: 1 });
      expect(await api().districtAt([121.551, 29.872])).toMatchObject({
        approximate: false,
        district: { id: 'jiangbei' },
      });
      expect(await api().districtAt([121.4, 29.6])).toBeUndefined();
      expect((await get('/boundaries')).features[0].properties).toEqual({
        code: '330205',
        source: 'a test',
        importedAt: '2026-08-01T00:00:00.000Z',
      });
      expect(await get('/city')).toMatchObject({ boundaries: 'imported' });
    });
    test.skipIf(!existsSync(SURVEYED))(
      'a surveyed map puts every seat into its own district',
      async () => {
        const { features } = JSON.parse(readFileSync(SURVEYED, 'utf8')) as {
          features: { county: string; polylines: unknown }[];
        };
        const text = file(
          ...features.map(
            (f) =>
              [{ county: f.county }, { type: 'MultiPolygon', coordinates: f.polylines }] as [
                Record<string, unknown>,
                unknown,
              ],
          ),
        );
        expect(await load(text, { source: 'survey' })).toMatchObject({ done: 10, refused: 0 });
        for (const d of api().districts())
          expect((await api().districtAt([...d.seat.location]))?.district.id).toBe(d.id);
      },
    );
  });
});
