import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import type { ImportProgress } from '#kernel/module';
import type { Context } from '#platform/context';
import type { Registers } from '#platform/registers';
import context from '../../platform/context/module.ts';
import registers from '../../platform/registers/module.ts';
import { openTestHouse } from '../../../test/house.ts';
import type { Typhoon, TyphoonSummary } from './contract.ts';
import socialManagement from './module.ts';

const SHARED = new URL('../../../../shared/data/', import.meta.url);
const AIR = new URL('air-quality/airnow.json', SHARED);
const JTWC = new URL('weather/jtwc/JTWC.csv', SHARED);
const IN_FA = new URL('typhoon/in-fa-2021.csv', SHARED);
const API = '/api/social-management';

const runImport = async (
  house: House,
  id: string,
  source: AsyncIterable<Uint8Array>,
  { checkpoint = 0, args = {} }: { checkpoint?: number; args?: Record<string, string> } = {},
): Promise<ImportProgress> => {
  const importer = house.importers.find((i) => i.id === id)!;
  let last: ImportProgress | undefined;
  for await (const progress of importer.run(source, { checkpoint, args })) last = progress;
  return last!;
};

const doorOf = (house: House) => house.apis['context'] as Context;

const locations = (house: House, sn: string) => {
  const door = doorOf(house);
  return door.history({
    id: `urn:ngsi-ld:TropicalCyclone:${sn}`,
    attribute: door.nameOf('location'),
  });
};

const TABLE =
  'CY,Year,Month,Day,Hour,Lat,Lon,VMax,MSLP,SN,Cat\n' +
  '9,2021,7,25,12,30.3,122.2,55.0,975.0,202109,TS\n9,2021,7,25,18,30.4,121.4,45.0,982.0,202109,TS\n' +
  '10,2021,8,3,0,15,130,30.0,,202110,TD\n';
const table = (text = TABLE) => Readable.from([Buffer.from(text)]);
/** The same table in another season, for a test of its own. */
const tableOf = (season: string, more = '') => table(`${TABLE}${more}`.replaceAll('2021', season));

describe.each(testEngines)('social management on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context, registers, socialManagement], engine });
  });
  afterAll(async () => {
    await house[Symbol.asyncDispose]();
  });

  test('typhoons are listed by how near they came, and shown with track and passage', async () => {
    expect(await runImport(house, 'typhoon', table())).toMatchObject({ done: 2, refused: 0 });
    const all = await house.app.inject(`${API}/typhoons`);
    expect((all.json() as TyphoonSummary[]).map((t) => t.sn)).toEqual(['202109', '202110']);
    const near = await house.app.inject(`${API}/typhoons?near=121.55,29.87&withinKm=100`);
    expect(near.json()).toMatchObject([
      {
        sn: '202109',
        season: 2021,
        windMaxMs: 28.3,
        grade: { code: 'STS', name: { zh: '强热带风暴' } },
        passage: {
          nearestPoint: { at: '2021-07-25T18:00:00.000Z', km: 60.7 },
          closest: { km: 56.3 },
        },
      },
    ]);
    const city = (house.apis['registers'] as Registers).city();
    const here = await house.app.inject(`${API}/typhoons?withinKm=100`);
    expect(here.json()).toMatchObject([{ sn: '202109', passage: { place: city.centre } }]);
    const one = await house.app.inject(`${API}/typhoons/202109?near=121.55,29.87`);
    expect((one.json() as Typhoon).track).toHaveLength(2);
    const state = await house.app.inject(`${API}/typhoons/202109/states/2021-07-25T15:00:00Z`);
    expect(state.json()).toMatchObject({
      at: '2021-07-25T15:00:00.000Z',
      windMs: 25.8,
      grade: { code: 'STS' },
    });
  });

  test('what is asked wrongly is refused with a reason', async () => {
    const status = async (path: string) => (await house.app.inject(`${API}/${path}`)).statusCode;
    expect(await status('typhoons/202199')).toBe(404);
    expect(await status('typhoons/x')).toBe(400);
    expect(await status('typhoons?near=29.87')).toBe(400);
    expect(await status('typhoons?near=121,91')).toBe(400);
    expect(await status('typhoons?withinKm=near')).toBe(400);
    await runImport(house, 'typhoon', table());
    expect(await status('typhoons/202109/states/yesterday')).toBe(400);
    expect(await status('typhoons/202109/states/2020-01-01T00:00:00Z')).toBe(404);
    await expect(runImport(house, 'typhoon', table('a,b\n1,2\n'))).rejects.toThrow('no column');
    await expect(runImport(house, 'air-quality', table('{'))).rejects.toThrow('not JSON');
  });

  test('a track imported again changes nothing; a longer one adds only what is new', async () => {
    await runImport(house, 'typhoon', tableOf('2018'));
    expect(await locations(house, '201809')).toHaveLength(2);
    await runImport(house, 'typhoon', tableOf('2018'));
    expect(await locations(house, '201809')).toHaveLength(2);
    await runImport(
      house,
      'typhoon',
      tableOf('2018', '9,2021,7,26,0,30.7,121.2,40.0,988.0,202109,TS\n'),
    );
    expect((await locations(house, '201809')).map((p) => new Date(p.at).toISOString())).toEqual([
      '2018-07-25T12:00:00.000Z',
      '2018-07-25T18:00:00.000Z',
      '2018-07-26T00:00:00.000Z',
    ]);
  });

  test('an import resumes where it was interrupted', async () => {
    expect(await runImport(house, 'typhoon', tableOf('2017'), { checkpoint: 1 })).toMatchObject({
      done: 2,
    });
    const all = await house.app.inject(`${API}/typhoons?fromSeason=2017&toSeason=2017`);
    expect((all.json() as TyphoonSummary[]).map((t) => t.sn)).toEqual(['201710']);
  });

  test('the levels of air quality have names and colours', async () => {
    const levels = (await house.app.inject(`${API}/air-quality/levels`)).json() as unknown[];
    expect(levels).toHaveLength(6);
    expect(levels[2]).toEqual({
      level: 3,
      from: 101,
      to: 150,
      name: { zh: '轻度污染', en: 'Lightly polluted' },
      colour: '#FF7E00',
    });
  });

  test.skipIf(!existsSync(AIR))(
    '1,495 stations of a real hour become entities (shared data)',
    async () => {
      expect(await runImport(house, 'air-quality', createReadStream(AIR))).toMatchObject({
        done: 1495,
        refused: 0,
      });
      const door = doorOf(house);
      const types = [door.nameOf('AirQualityObserved')];
      const first = await door.list({ types, limit: 1000 });
      const rest = await door.list({ types, limit: 1000, afterId: first.at(-1)!.id });
      expect(first.length + rest.length).toBe(1495);
      const answer = await house.app.inject(
        '/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:cnemc-1001A',
      );
      expect(answer.json()).toMatchObject({
        airQualityIndex: { value: 54 },
        publishedAirQualityIndex: { value: 54 },
        pm25: { value: 38, unitCode: 'GQ', observedAt: '2018-02-19T23:00:00.000Z' },
      });
    },
  );

  test.skipIf(!existsSync(JTWC) || !existsSync(IN_FA))(
    'In-Fa is drawn from one book and gets her name and wind radii from another (shared data)',
    async () => {
      await runImport(house, 'typhoon', createReadStream(JTWC), { args: { sn: '202109' } });
      await runImport(house, 'typhoon-radii', createReadStream(IN_FA));
      const inFa = (
        await house.app.inject(`${API}/typhoons/202109?near=121.55,29.87`)
      ).json() as Typhoon;
      expect(inFa).toMatchObject({
        name: 'IN-FA',
        points: 57,
        windMaxMs: 48.9,
        grade: { code: 'STY' },
      });
      expect(Math.round(inFa.passage!.nearestPoint.km)).toBe(61);
      expect(inFa.track.find((p) => p.at === '2021-07-25T00:00:00.000Z')?.radii).toHaveLength(2);
    },
  );
});
