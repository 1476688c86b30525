import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { LOCATION } from '../store/rows.ts';
import { parseGeoQuestion } from './geo.ts';
import { matchesFilter } from './matches-filter.ts';
import { parseOrder } from './order.ts';
import { parsePattern } from './pattern.ts';
import { parseQ } from './q.ts';
import { type EntityQuestion, listEntities } from './question.ts';
import { parseScopes } from './scope.ts';
import { parseTypes } from './type-selector.ts';

const THINGS = 40;
const expand = (short: string) =>
  short === 'location' ? LOCATION : short.includes(':') ? short : `https://example.org/${short}`;
const types = (selection: string) => ({ types: parseTypes(selection, expand)! });
const q = (text: string) => parseQ(text, { expand });

describe.each(testEngines)('entities on %s', (engine) => {
  let database: Database;
  /** The numbers of those found; each filter is held to find the same at hand. */
  const idsOf = async (question: EntityQuestion) => {
    const { entities } = await listEntities(database, { limit: 1_000, ...question });
    const all = (await listEntities(database, { limit: 1_000, tenant: question.tenant ?? '' }))
      .entities;
    const atHand = all.filter((entity) => matchesFilter(question, entity)).map(({ id }) => id);
    expect(entities.map(({ id }) => id).toSorted()).toEqual(atHand);
    return entities.map(({ id }) => Number(id.slice(6)));
  };

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'context', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
    ]);
    await database.query(
      `insert into context.entities (tenant, id, types, scopes, attributes, location, created_at, modified_at, expires_at)
       select case when n = 39 then 'other' else '' end, 'urn:t:' || lpad(n::text, 2, '0'),
         case n % 3 when 0 then '{https://example.org/Bus}' when 1 then '{https://example.org/Bus,https://example.org/Ship}' else '{https://example.org/Ship}' end::text[],
         case when n % 2 = 0 then '{/Ningbo/Haishu}' else '{}' end::text[],
         jsonb_build_object(
           'https://example.org/speed', jsonb_build_array(jsonb_build_object('type', 'Property', 'value',
             case n when 5 then '"fast"' when 6 then 'true' when 7 then '"2020-01-01"' else (n % 10)::text end::jsonb)),
           $1::text, jsonb_build_array(jsonb_build_object('type', 'GeoProperty', 'value',
             jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(121.5 + n / 100.0, 29.8)))))
           || case when n = 8 then '{"https://example.org/rare":[{"type":"Property","value":1}]}' else '{}' end::jsonb,
         ST_SetSRID(ST_MakePoint(121.5 + n / 100.0, 29.8), 4326), now(), now(), case n when 38 then now() - interval '1 s' end
       from generate_series(0, $2::int - 1) as n`,
      [LOCATION, THINGS],
    );
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it('are those of a tenant whose time has not run out', async () => {
    expect(await idsOf({})).toEqual(Array.from({ length: 38 }, (_, n) => n));
    expect(await idsOf({ tenant: 'other' })).toEqual([39]);
  });

  it('come in pages that never overlap, with their number', async () => {
    const first = await listEntities(database, { limit: 30, count: true });
    const second = await listEntities(database, { limit: 30, offset: 30, count: true });
    expect([first.entities.length, first.more, first.count]).toEqual([30, true, 38]);
    expect([second.entities.length, second.more, second.count]).toEqual([8, false, 38]);
    expect(first.entities.at(-1)!.id < second.entities[0]!.id).toBe(true);
    expect(await listEntities(database, { limit: 0, count: true })).toEqual({
      entities: [],
      more: false,
      count: 38,
    });
  });

  it('are found by type, id, pattern, attribute, scope, value and place together', async () => {
    expect((await idsOf({ selectors: [types('(Bus;Ship)')] })).every((n) => n % 3 === 1)).toBe(
      true,
    );
    expect(
      await idsOf({ selectors: [{ ...types('Bus'), ids: ['urn:t:02', 'urn:t:03'] }] }),
    ).toEqual([3]);
    expect(
      await idsOf({ selectors: [{ idPattern: parsePattern(':0[1-3]$') }, { ids: ['urn:t:20'] }] }),
    ).toEqual([1, 2, 3, 20]);
    expect(await idsOf({ attributes: [expand('rare'), expand('none')] })).toEqual([8]);
    expect((await idsOf({ scopes: parseScopes('/Ningbo/#') })).length).toBe(19);
    const geo = parseGeoQuestion(
      { georel: 'near;maxDistance==5000', geometry: 'Point', coordinates: [121.6, 29.8] },
      expand,
    )!;
    expect(await idsOf({ geo })).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(await idsOf({ geo, q: q('speed>=1;speed<3'), selectors: [types('Bus')] })).toEqual([12]);
  });

  it('can be put in order by value, kind by kind, and by distance', async () => {
    const order = (text: string) =>
      parseOrder(text, expand, { type: 'Point', coordinates: [121.6, 29.8] });
    const byValue = await idsOf({
      order: order('speed;desc'),
      selectors: [{ idPattern: parsePattern(':(0[0-9]|1[0-9])$') }],
    });
    expect(byValue).toEqual([9, 19, 8, 18, 17, 16, 15, 4, 14, 3, 13, 2, 12, 1, 11, 0, 10, 5, 6, 7]);
    expect((await idsOf({ order: order('rare,id;desc') })).slice(0, 3)).toEqual([8, 37, 36]);
    expect((await idsOf({ order: order('location;dist-asc') })).slice(0, 3)).toEqual([10, 9, 11]);
    expect((await idsOf({ order: order('location;dist-desc') })).slice(0, 2)).toEqual([37, 36]);
    expect((await idsOf({ order: order('location[coordinates];asc') })).length).toBe(38);
  });

  it('are refused beyond the limits', async () => {
    await expect(listEntities(database, { limit: 1_001 })).rejects.toThrow(Refusal);
    await expect(listEntities(database, { offset: -1 })).rejects.toThrow(Refusal);
    for (const text of ['', 'a,b,c,d,e', 'a;up', 'type.a', 'location;dist-asc', 'a b'])
      expect(() => parseOrder(text, expand)).toThrow(Refusal);
  });
});
