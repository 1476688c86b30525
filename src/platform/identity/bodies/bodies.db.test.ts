import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { fixedClock } from '#kernel/time';
import { type HouseOfPeople, openHouseOfPeople } from '../../../../test/people.ts';
import auditModule from '../../audit/module.ts';
import registersModule from '../../registers/module.ts';
import identityModule from '../module.ts';
import { followRegister } from './seed.ts';

const START = '2026-08-01T08:00:00+08:00';
const DAY_MS = 86_400_000;

describe.each(testEngines)('bodies and belonging on %s', (engine) => {
  const clock = fixedClock(START);
  let city: HouseOfPeople;
  beforeAll(async () => {
    city = await openHouseOfPeople({
      modules: [identityModule, registersModule, auditModule],
      engine,
      clock,
    });
    await city.add({ chief: ['administrator'], head: [], keeper: [], lin: [], stranger: [] });
  });
  afterAll(() => city?.[Symbol.asyncDispose]());

  const { call } = { call: (...args: Parameters<HouseOfPeople['call']>) => city.call(...args) };
  const appoint = (who: string, body: string, member: object) =>
    call(who, 'POST', `bodies/${body}/members`, member);
  const me = async (who: string, headers: Record<string, string> = {}) =>
    ((await call(who, 'GET', 'me', undefined, headers)).body as { actor: Record<string, unknown> })
      .actor;
  type Listed = { items: { id: string; parent: string | null; mayKeep: boolean }[] };
  const bodies = async (who?: string) => ((await call(who, 'GET', 'bodies')).body as Listed).items;

  test('the bodies of the city’s register stand here as a tree', async () => {
    const all = await bodies();
    expect(all.length).toBeGreaterThan(50);
    expect(all.find((b) => b.id === 'government-xiangshan')?.parent).toBe('city-government');
    expect(all.map((b) => b.id)).not.toContain('government-jiangdong'); // dissolved in 2016
    expect(all.every((b) => !b.mayKeep)).toBe(true);
  });

  test('a body that leaves the register is closed, and opened again when it comes back', async () => {
    const db = city.house.database.schema('identity') as never;
    const one = {
      id: 'tide-office',
      name: { zh: '潮汐办', en: 'Tide Office' },
      kind: 'bureau',
    } as const;
    const register = (await bodies()).map((b) => ({
      ...one,
      id: b.id,
      ...(b.parent && { parent: b.parent }),
    }));
    const follow = (some: readonly object[]) => followRegister(db, some as never, clock.now());
    const named = await city.house.database.query('select * from identity.bodies order by id');
    await follow([...register, { ...one, clauses: [], parent: 'city-government' }]);
    expect((await bodies()).find((b) => b.id === 'tide-office')).toMatchObject({
      parent: 'city-government',
    });
    await follow(register);
    expect((await bodies()).map((b) => b.id)).not.toContain('tide-office');
    await city.house.database.query("delete from identity.bodies where id = 'tide-office'");
    for (const row of named)
      await city.house.database.query(
        'update identity.bodies set name_zh = $2, name_en = $3, kind = $4, district = $5 where id = $1',
        [row['id'], row['name_zh'], row['name_en'], row['kind'], row['district']],
      );
  });

  test('an administrator appoints a head, a head appoints members, and nobody their peers', async () => {
    expect((await appoint('lin', 'transport', { person: 'lin', post: 'head' })).status).toBe(403);
    expect((await appoint('chief', 'transport', { person: 'head', post: 'head' })).status).toBe(
      201,
    );
    expect((await appoint('head', 'transport', { person: 'lin', post: 'official' })).status).toBe(
      201,
    );
    expect((await appoint('head', 'transport', { person: 'lin', post: 'head' })).status).toBe(403);
    expect(
      (await appoint('head', 'health-commission', { person: 'lin', post: 'official' })).status,
    ).toBe(403);
    expect((await appoint('head', 'transport', { person: 'lin', post: 'official' })).status).toBe(
      409,
    );
    expect(
      (await appoint('head', 'transport', { person: 'nobody', post: 'official' })).status,
    ).toBe(404);
    expect((await appoint('chief', 'no-such', { person: 'lin', post: 'official' })).status).toBe(
      404,
    );
    expect((await appoint('head', 'transport', { person: 'lin', post: 'emperor' })).status).toBe(
      400,
    );
    expect(await me('lin')).toMatchObject({
      assurance: 'staff',
      bodies: [{ body: 'transport', post: 'official' }],
    });
  });

  test('a head keeps the bodies below, not those beside', async () => {
    const office = {
      id: 'bus-office',
      name: { zh: '公交处', en: 'Bus Office' },
      kind: 'office',
      parent: 'transport',
    };
    expect((await call('head', 'POST', 'bodies', office)).status).toBe(403);
    expect((await call('chief', 'POST', 'bodies', office)).status).toBe(201);
    expect((await call('chief', 'POST', 'bodies', office)).status).toBe(409);
    expect(
      (await call('chief', 'POST', 'bodies', { ...office, id: 'x', parent: 'no-such' })).status,
    ).toBe(404);
    expect((await appoint('head', 'bus-office', { person: 'keeper', post: 'keeper' })).status).toBe(
      201,
    );
    expect((await appoint('keeper', 'bus-office', { person: 'lin', post: 'clerk' })).status).toBe(
      201,
    );
    expect((await appoint('keeper', 'transport', { person: 'keeper', post: 'clerk' })).status).toBe(
      403,
    );
    const kept = (await bodies('head')).filter((b) => b.mayKeep).map((b) => b.id);
    expect(kept).toEqual(['bus-office', 'transport']);
    expect((await call('chief', 'DELETE', 'bodies/transport')).status).toBe(409);
    expect((await call('chief', 'DELETE', 'bodies/bus-office')).status).toBe(204);
    expect(await me('keeper')).toMatchObject({ bodies: [] });
  });

  test('only members and keepers see who belongs', async () => {
    expect((await call('stranger', 'GET', 'bodies/transport/members')).status).toBe(403);
    const { items } = (await call('lin', 'GET', 'bodies/transport/members')).body as {
      items: { id: string; post: string; person: { signInName: string } }[];
    };
    expect(items.map((m) => `${m.person.signInName} ${m.post}`)).toEqual([
      'head head',
      'lin official',
    ]);
    const lins = items.find((m) => m.post === 'official')!;
    expect((await call('stranger', 'DELETE', `memberships/${lins.id}`)).status).toBe(403);
    expect((await call('lin', 'DELETE', `memberships/${lins.id}`)).status).toBe(204);
    expect(await me('lin')).toMatchObject({ assurance: 'contact', bodies: [] });
  });

  test('a term begins and ends by itself', async () => {
    const at = (days: number) => new Date(clock.now().getTime() + days * DAY_MS).toISOString();
    const term = { person: 'stranger', post: 'inspector', from: at(1), until: at(3) };
    expect((await appoint('head', 'transport', { ...term, until: at(-1) })).status).toBe(400);
    expect((await appoint('head', 'transport', term)).status).toBe(201);
    expect(await me('stranger')).toMatchObject({ bodies: [] });
    await city.house.database.query(
      "update identity.sessions set expires_at = expires_at + interval '9 days'",
    );
    clock.advanceMs(2 * DAY_MS);
    expect(await me('stranger')).toMatchObject({
      bodies: [{ body: 'transport', post: 'inspector' }],
    });
    clock.advanceMs(2 * DAY_MS);
    expect(await me('stranger')).toMatchObject({ bodies: [] });
    expect(
      (await appoint('head', 'transport', { person: 'stranger', post: 'inspector' })).status,
    ).toBe(201);
  });

  test('who has a mandate acts for another, within it, until it is taken back', async () => {
    const until = new Date(clock.now().getTime() + DAY_MS).toISOString();
    const give = {
      agent: 'stranger',
      scopes: ['identity.see-oneself', 'context'],
      note: '',
      until,
    };
    expect((await call('lin', 'POST', 'mandates', { ...give, body: 'transport' })).status).toBe(
      403,
    );
    expect((await call('lin', 'POST', 'mandates', { ...give, agent: 'lin' })).status).toBe(400);
    expect(
      (await call('lin', 'POST', 'mandates', { ...give, until: '2020-01-01T00:00:00Z' })).status,
    ).toBe(400);
    const { id } = (await call('lin', 'POST', 'mandates', give)).body as { id: string };
    const under = { 'sanjiang-mandate': id };
    expect(await me('stranger', under)).toMatchObject({
      id: 'stranger',
      onBehalfOf: { id: 'lin', name: 'lin', mandate: id },
      scopes: ['identity.see-oneself', 'context'],
    });
    expect((await call('stranger', 'GET', 'sessions', undefined, under)).status).toBe(403);
    expect((await call('head', 'GET', 'me', undefined, under)).status).toBe(403);
    const lists = async (who: string) =>
      ((await call(who, 'GET', 'mandates')).body as { items: { mine: string }[] }).items.map(
        (m) => m.mine,
      );
    expect(await lists('lin')).toEqual(['given']);
    expect(await lists('stranger')).toEqual(['received']);
    expect((await call('head', 'DELETE', `mandates/${id}`)).status).toBe(404);
    expect((await call('lin', 'DELETE', `mandates/${id}`)).status).toBe(204);
    expect((await call('stranger', 'GET', 'me', undefined, under)).status).toBe(403);
    const firm = (await call('head', 'POST', 'mandates', { ...give, body: 'transport' })).body as {
      id: string;
    };
    expect(await me('stranger', { 'sanjiang-mandate': firm.id })).toMatchObject({
      onBehalfOf: { id: 'transport' },
    });
  });

  test('a purpose is declared with the request, in one word', async () => {
    expect((await call('lin', 'GET', 'me', undefined, { 'sanjiang-purpose': 'care' })).status).toBe(
      200,
    );
    expect((await call('lin', 'GET', 'me', undefined, { 'sanjiang-purpose': '<b>' })).status).toBe(
      400,
    );
  });
});
