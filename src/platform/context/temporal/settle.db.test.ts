import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { fixedClock } from '#kernel/time';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';
import { settleHistory } from './settle.ts';

const DOOR = '/ngsi-ld/v1';
const idOf = (n: number) => `urn:ngsi-ld:AirQualityObserved:NB-${n}`;
const JUNE = '2026-06-15T08:00:00.000Z';

describe.each(testEngines)('a day of history that is over, on %s', (engine) => {
  let house: House;
  const send = async (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object) => {
    const answer = await house.app.inject({ method, url: `${DOOR}${url}`, payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer;
  };
  const get = async (url: string) => (await house.app.inject({ url: `${DOOR}${url}` })).json();
  const settle = (at: string) => settleHistory(house.database, fixedClock(at));
  const countIn = async (table: string, tenant = '') => {
    const [row] = await house.database.query<{ count: number }>(
      `select count(*) as count from context.${table} where tenant = $1`,
      [tenant],
    );
    return row!.count;
  };
  const parts = async () => {
    const rows = await house.database.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent in ('context.history_open'::regclass, 'context.history_settled'::regclass) order by 1`,
    );
    return rows.map(({ name }) => name);
  };
  const all = () =>
    Promise.all([
      get(`/temporal/entities/${idOf(0)}`),
      get(`/temporal/entities/${idOf(1)}?lastN=3&attrs=pm25`),
      get(
        `/temporal/entities/${idOf(2)}?options=aggregatedValues&aggrMethods=avg,distinctCount&aggrPeriodDuration=PT1H&timerel=after&timeAt=2026-06-01T00:00:00Z`,
      ),
      get(
        '/temporal/entities?type=AirQualityObserved&timerel=after&timeAt=2026-06-01T00:00:00Z&q=pm25>100&options=temporalValues',
      ),
    ]);

  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine, at: JUNE });
    for (const n of [0, 1, 2])
      await send('POST', '/entities', { id: idOf(n), type: 'AirQualityObserved', grade: 'A' });
    // More than fit into one step, and several at one instant.
    await house.database.query(
      `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
       select '', 'urn:ngsi-ld:AirQualityObserved:NB-' || n % 3, t, t, 'update', '{:AirQualityObserved}', jsonb_build_object(':pm25',
         jsonb_build_array(jsonb_build_object('type', 'Property', 'value', n, 'observedAt', to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))
       from generate_series(1, 2500) as n, lateral (select timestamptz '2026-06-16' + n / 9 * interval '1 minute' as t) as w`,
    );
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  it('is left alone before it is over, and for a day', async () => {
    expect(await settle('2026-06-15T23:00:00Z')).toBe(0);
    expect(await settle('2026-06-16T23:00:00Z')).toBe(0);
  });

  it('is put side by side, and answers as before', async () => {
    const before = await all();
    expect(before[3].length).toBe(3);
    expect(await settle('2026-06-17T01:00:00Z')).toBe(3);
    expect(await settle('2026-06-18T01:00:00Z')).toBe(2500);
    expect(await all()).toEqual(before);
    expect(await countIn('history_open')).toBe(0);
    expect(await countIn('history_settled_2026')).toBe(2503);
    expect(await parts()).toContain('history_2026_06');
  });

  it('goes with its month', async () => {
    expect(await settle('2026-07-02T01:00:00Z')).toBe(0);
    expect(await parts()).toEqual([
      'history_2026_07',
      'history_2026_08',
      'history_rest',
      'history_settled_2026',
      'history_settled_rest',
    ]);
  });

  it('lies entity by entity', async () => {
    const rows = await house.database.query<{ turns: number }>(
      `select count(*) as turns from (select entity, lag(entity) over (order by ctid) as previous
       from context.history_settled_2026) as h where entity is distinct from previous`,
    );
    expect(rows[0]!.turns).toBeLessThanOrEqual(3 + 3 * 3); // three entities on one day, and in three steps on the next
  });

  it('can still be altered', async () => {
    const [{ instanceId }] = (await get(`/temporal/entities/${idOf(1)}?lastN=1&attrs=pm25`)).pm25;
    const url = `/temporal/entities/${idOf(1)}/attrs/pm25/${instanceId}`;
    await send('PATCH', url, {
      pm25: { type: 'Property', value: 9_999, observedAt: '2026-06-30T00:00:00Z' },
    });
    const { pm25 } = await get(`/temporal/entities/${idOf(1)}?lastN=1&attrs=pm25`);
    expect(pm25).toMatchObject([{ value: 9_999, instanceId }]);
    await house.app.inject({ method: 'DELETE', url: `${DOOR}${url}` });
    expect((await get(`/temporal/entities/${idOf(1)}?lastN=1&attrs=pm25`)).pm25[0].value).not.toBe(
      9_999,
    );
  });

  it('takes what came late', async () => {
    await house.database.query(
      `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
       values ('', $1, '2026-05-31', '2026-05-31', 'update', '{:AirQualityObserved}', '{}')`,
      [idOf(0)],
    );
    expect(await countIn('history_rest')).toBe(1);
    expect(await settle('2026-07-02T01:00:00Z')).toBeGreaterThanOrEqual(1);
    expect(await countIn('history_rest')).toBe(0);
  });

  it('stays where it is in a snapshot, which goes as it came', async () => {
    await house.database.query(
      `insert into context.snapshots (tenant, id, space, document, context, priority, created_at, modified_at, expires_at, last_used_at)
       values ('', 'urn:ngsi-ld:Snapshot:1', 'space', '{}', 'null', 1, now(), now(), now() + interval '1 hour', now())`,
    );
    await house.database.query(
      `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
       values ('space', $1, '2026-05-31', '2026-05-31', 'update', '{:AirQualityObserved}', '{}')`,
      [idOf(0)],
    );
    expect(await settle('2026-07-02T01:00:00Z')).toBe(0);
    expect(await countIn('history_settled', 'space')).toBe(0);
  });
});
