import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { systemClock } from '#kernel/time';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';
import { openSnapshots } from './snapshots.ts';

const DOOR = '/ngsi-ld/v1';
const SHIP = 'urn:ngsi-ld:Ship:1';
const BODY = {
  type: 'Snapshot',
  snapshotQueries: [{ type: 'Query', entities: [{ type: 'Ship' }] }],
};

describe.each(testEngines)('snapshots on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine });
  }, 120_000);
  afterAll(() => house?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await house.database.query('truncate context.entities, context.history, context.snapshots');
    await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entities`,
      payload: {
        id: SHIP,
        type: 'Ship',
        scope: '/Ningbo',
        location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.8, 29.9] } },
      },
    });
  });

  const make = (more: object = {}) =>
    house.app.inject({ method: 'POST', url: `${DOOR}/snapshots`, payload: { ...BODY, ...more } });
  const statusesOf = async () => {
    const rows = await house.database.query<{ status: string }>(
      'select status from context.snapshots order by created_at',
    );
    return rows.map(({ status }) => status);
  };
  const allReady = () => expect.poll(statusesOf, { timeout: 20_000 }).not.toContain('preparing');
  const idsIn = async (space: string) => {
    const rows = await house.database.query<{ id: string }>(
      'select id from context.entities where tenant = $1',
      [space],
    );
    return rows.map(({ id }) => id);
  };

  it('are found by place and scope like what is live', async () => {
    const id = 'urn:ngsi-ld:Snapshot:port';
    expect((await make({ id })).statusCode).toBe(201);
    await allReady();
    const found = await house.app.inject({
      url: `${DOOR}/entities`,
      query: {
        type: 'Ship',
        scopeQ: '/Ningbo',
        georel: 'near;maxDistance==1000',
        geometry: 'Point',
        coordinates: '[121.8,29.9]',
      },
      headers: { 'ngsild-snapshot': id },
    });
    expect(found.json()).toMatchObject([{ id: SHIP }]);
  });

  it('that were broken off are filled anew, by whoever comes next', async () => {
    await make();
    await allReady();
    const [{ space }] = (await house.database.query<{ space: string }>(
      `update context.snapshots set status = 'preparing', claimed_until = now() - interval '1 second' returning space`,
    )) as [{ space: string }];
    await house.database.query(
      `update context.entities set id = 'urn:ngsi-ld:Ship:half' where tenant = $1`,
      [space],
    );
    await make();
    await allReady();
    expect(await idsIn(space)).toEqual([SHIP]);
  });

  it('that somebody fills are left to them', async () => {
    await make();
    await allReady();
    await house.database.query(
      `update context.snapshots set status = 'preparing', claimed_until = now() + interval '1 minute'`,
    );
    await make();
    await expect.poll(statusesOf, { timeout: 20_000 }).toEqual(['preparing', 'success']);
  });

  it('of one name are made once', async () => {
    const id = 'urn:ngsi-ld:Snapshot:twice';
    const codes = (await Promise.all([make({ id }), make({ id })])).map((a) => a.statusCode);
    expect(codes.toSorted()).toEqual([201, 409]);
    await allReady();
  });

  it('make room by importance (clause 5.5.15)', async () => {
    const dear = await make({ snapshotPriority: 9 });
    const cheap = await make({ snapshotPriority: 1 });
    for (let n = 0; n < 99; n += 1) expect((await make()).statusCode).toBe(201);
    const there = async (answer: typeof dear) =>
      (await house.app.inject(String(answer.headers['location']))).statusCode;
    expect([await there(dear), await there(cheap)]).toEqual([200, 404]);
    expect(await statusesOf()).toHaveLength(100);
    await allReady();
  }, 60_000);

  it('are gone with all they keep when their time is up', async () => {
    await make();
    await allReady();
    await house.database.query(`update context.snapshots set expires_at = now() - interval '1 s'`);
    expect((await make()).statusCode).toBe(201);
    await allReady();
    await openSnapshots(house.database, systemClock).removeExpired();
    expect(await statusesOf()).toEqual(['success']);
    const [row] = await house.database.query<{ spaces: number }>(
      `select count(distinct tenant) as spaces from context.entities where tenant <> ''`,
    );
    expect(row?.spaces).toBe(1);
  });
});
