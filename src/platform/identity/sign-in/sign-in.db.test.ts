import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { fixedClock } from '#kernel/time';
import { type HouseOfPeople, openHouseOfPeople, PASSWORD } from '../../../../test/people.ts';
import auditModule from '../../audit/module.ts';
import registersModule from '../../registers/module.ts';
import identityModule from '../module.ts';

const START = '2026-08-01T08:00:00+08:00';
const modules = [identityModule, registersModule, auditModule];

describe.each(testEngines)('signing in on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-sign-in-'));
  const clock = fixedClock(START);
  let city: HouseOfPeople;
  const env = { DATA_DIR: folder };
  beforeAll(async () => {
    city = await openHouseOfPeople({
      modules,
      engine,
      clock,
      env: { ...env, STAFF_SECOND_FACTOR: 'on' },
    });
    await city.add({ chief: ['administrator'], lin: [], mei: [], zhou: [] });
  });
  afterAll(async () => {
    await city?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const call = (...args: Parameters<HouseOfPeople['call']>) => city.call(...args);
  const signIn = (name: string, password = PASSWORD) =>
    call(undefined, 'POST', 'sessions', { name, password });
  const cookieOf = ({ cookies }: { cookies: unknown[] }) => {
    const [cookie] = cookies as { name: string; value: string }[];
    return { cookie: `${cookie!.name}=${cookie!.value}` };
  };
  const me = async (headers: Record<string, string>) =>
    ((await call(undefined, 'GET', 'me', undefined, headers)).body as { actor: object }).actor;

  let totp: TOTP;
  let codes: string[];
  const code = () => totp.generate({ timestamp: clock.now().getTime() });
  /** Each code counts once, so the next one is awaited. */
  const nextCode = () => {
    clock.advanceMs(30_000);
    return code();
  };
  const begin = async () => ((await signIn('lin')).body as { step: string }).step;
  const second = (step: string, given: string) =>
    call(undefined, 'POST', 'second-factors', { step, code: given });

  test('a second factor counts once its first code was shown', async () => {
    const offer = (await call('lin', 'POST', 'authenticator', {})).body as {
      secret: string;
      uri: string;
    };
    expect(offer.uri).toMatch(/^otpauth:\/\/totp\/Sanjiang:lin\?/);
    totp = new TOTP({ secret: offer.secret });
    expect((await signIn('lin')).status).toBe(201);
    expect((await call('lin', 'PUT', 'authenticator', { code: '000000' })).status).toBe(403);
    ({ codes } = (await call('lin', 'PUT', 'authenticator', { code: code() })).body as {
      codes: string[];
    });
    expect(codes).toHaveLength(10);
    expect((await call('lin', 'GET', 'authenticator')).body).toEqual({ on: true });
    expect((await call('lin', 'POST', 'authenticator', {})).status).toBe(409);
    const [row] = await city.house.database.query<{ sealed: string }>(
      'select sealed from identity.authenticators',
    );
    expect(row!.sealed).not.toContain(offer.secret);
  });

  test('from then on the password alone opens nothing', async () => {
    const begun = await signIn('lin');
    expect(begun.status).toBe(202);
    expect(begun.cookies).toEqual([]);
    const { step } = begun.body as { step: string };
    expect((await second(step, '000000')).status).toBe(401);
    const used = nextCode();
    const done = await second(step, used);
    expect(done.status).toBe(201);
    expect(await me(cookieOf(done))).toMatchObject({ id: 'lin' });
    expect((await second(step, code())).status).toBe(401); // the step is used up
    expect((await second(await begin(), used)).status).toBe(401); // and so is the code
  });

  test('a step is over after five minutes, or when the password changed', async () => {
    const late = await begin();
    clock.advanceMs(301_000);
    expect((await second(late, code())).status).toBe(401);
    const begun = await begin();
    await city.house.database.query(
      "update identity.people set epoch = epoch + 1 where id = 'lin'",
    );
    expect((await second(begun, nextCode())).status).toBe(401);
  });

  test('each of the ten codes helps once', async () => {
    expect((await second(await begin(), codes[0]!.toUpperCase())).status).toBe(201);
    expect((await second(await begin(), codes[0]!)).status).toBe(401);
    expect((await second(await begin(), codes[1]!)).status).toBe(201);
  });

  test('many guesses of a second factor close the door', async () => {
    const step = await begin();
    const answers = [];
    for (let n = 0; n < 8; n++) answers.push((await second(step, '000001')).status);
    expect(answers).toContain(429);
    clock.advanceMs(3_600_000);
  });

  test('members of the administration are staff with two factors only, where the house asks for two', async () => {
    for (const person of ['lin', 'mei'])
      await call('chief', 'POST', 'bodies/transport/members', { person, post: 'official' });
    const one = cookieOf(await signIn('mei'));
    expect(await me(one)).toMatchObject({ assurance: 'contact', bodies: [{ body: 'transport' }] });
    const two = cookieOf(await second(await begin(), nextCode()));
    expect(await me(two)).toMatchObject({ assurance: 'staff' });
  });

  test('the second factor is removed only by who came with it', async () => {
    expect((await call('lin', 'DELETE', 'authenticator')).status).toBe(403); // it began without
    const two = cookieOf(await second(await begin(), nextCode()));
    expect((await call(undefined, 'DELETE', 'authenticator', undefined, two)).status).toBe(204);
    expect((await signIn('lin')).status).toBe(201);
  });

  const recover = (name: string, given: string, next = 'a-quiet-evening-tide') =>
    call(undefined, 'POST', 'recoveries', { name, code: given, next });

  test('who lost everything comes to an official, and gets in again by a code', async () => {
    const given = await call('chief', 'POST', 'people/zhou/recovery-codes', {});
    const { code: first } = given.body as { code: string };
    const { code: newer } = (await call('chief', 'POST', 'people/zhou/recovery-codes', {}))
      .body as { code: string };
    expect((await recover('zhou', first)).status).toBe(401); // the newer one ended it
    expect((await recover('zhou', newer, 'password-2026')).status).toBe(400);
    expect((await recover('zhou', newer)).status).toBe(204);
    expect((await recover('zhou', newer)).status).toBe(401);
    expect((await call('zhou', 'GET', 'sessions')).status).toBe(401);
    expect((await signIn('zhou', 'a-quiet-evening-tide')).status).toBe(201);
    expect((await call('mei', 'POST', 'people/zhou/recovery-codes', {})).status).toBe(403);
  });

  test('a recovery tells nobody whether a name exists', async () => {
    const known = await recover('mei', 'wrong-code');
    const unknown = await recover('nobody-at-all', 'wrong-code');
    expect(known.status).toBe(401);
    expect(unknown.body).toEqual(known.body);
  });

  test('a code is over after a day', async () => {
    const { code: given } = (await call('chief', 'POST', 'people/zhou/recovery-codes', {}))
      .body as { code: string };
    await city.house.database.query(
      "update identity.recovery_codes set expires_at = expires_at - interval '1 day'",
    );
    expect((await recover('zhou', given)).status).toBe(401);
  });

  test('an account is made by an administrator, with a code for its first password', async () => {
    const asked = { signInName: 'new-official', name: '新同志', roles: [] };
    const made = (await call('chief', 'POST', 'people', asked)).body as {
      id: string;
      code: string;
    };
    expect((await call('chief', 'POST', 'people', asked)).status).toBe(409);
    expect((await recover('new-official', made.code)).status).toBe(204);
    expect(await me(cookieOf(await signIn('new-official', 'a-quiet-evening-tide')))).toMatchObject({
      name: '新同志',
      assurance: 'anonymous',
    });
  });

  test('a document makes a name real, once, and its number is kept nowhere', async () => {
    const check = { kind: 'resident-id', number: '330200199001011234', name: '周小潮' };
    expect((await call('mei', 'POST', 'people/zhou/document-checks', check)).status).toBe(403);
    expect((await call('chief', 'POST', 'people/chief/document-checks', check)).status).toBe(403);
    expect((await call('chief', 'POST', 'people/zhou/document-checks', check)).status).toBe(204);
    expect((await call('chief', 'POST', 'people/mei/document-checks', check)).status).toBe(409);
    expect(await me(cookieOf(await signIn('zhou', 'a-quiet-evening-tide')))).toMatchObject({
      name: '周小潮',
      assurance: 'real-name',
    });
    const all = await city.house.database.query('select * from identity.document_checks');
    expect(JSON.stringify(all)).not.toContain(check.number);
  });

  test('a closed account is over at once', async () => {
    const cookie = cookieOf(await signIn('zhou', 'a-quiet-evening-tide'));
    expect((await call('chief', 'DELETE', 'people/zhou')).status).toBe(204);
    expect(await me(cookie)).toMatchObject({ kind: 'anonymous' });
    expect((await signIn('zhou', 'a-quiet-evening-tide')).status).toBe(401);
    expect((await call('chief', 'DELETE', 'people/chief')).status).toBe(403);
  });

  test('a session is listed with how it began, and ended alone', async () => {
    const cookie = cookieOf(await signIn('mei'));
    type Listed = { items: { id: string; method: string; current: boolean }[] };
    const { items } = (await call(undefined, 'GET', 'sessions', undefined, cookie)).body as Listed;
    const current = items.find((session) => session.current)!;
    expect(current).toMatchObject({ method: 'password' });
    expect((await call('chief', 'DELETE', `sessions/${current.id}`)).status).toBe(404);
    expect(
      (await call(undefined, 'DELETE', `sessions/${current.id}`, undefined, cookie)).status,
    ).toBe(204);
    expect(await me(cookie)).toMatchObject({ kind: 'anonymous' });
  });

  test('demonstration people are there with DEMO on only, and with it off they are not even in the table', async () => {
    const { database } = city.house;
    const rows = () => database.query('select id from identity.people where demo');
    const people = async (house: HouseOfPeople) =>
      (
        (await house.call(undefined, 'GET', 'demonstration-people')).body as {
          items: { id: string }[];
        }
      ).items;
    const enter = (house: HouseOfPeople, person: string) =>
      house.call(undefined, 'POST', 'demonstration-sessions', { person });
    expect(await people(city)).toEqual([]);
    expect((await enter(city, 'mayor')).status).toBe(404);
    const shown = await openHouseOfPeople({
      modules,
      engine,
      clock,
      database,
      env: { ...env, DEMO: '5' },
    });
    const names = (await people(shown)).map((person) => person.id);
    expect(names).toEqual([
      'resident',
      'hotline-agent',
      'bureau-head',
      'county-cio',
      'mayor',
      'doctor',
      'developer',
    ]);
    for (const name of names) expect((await enter(shown, name)).status, name).toBe(201);
    const mayor = cookieOf(await enter(shown, 'mayor'));
    const actor = async (house: HouseOfPeople) =>
      (await house.call(undefined, 'GET', 'me', undefined, mayor)).body as { actor: object };
    expect(await actor(shown)).toMatchObject({
      actor: { assurance: 'staff', bodies: [{ body: 'city-government', post: 'mayor' }] },
    });
    expect((await enter(shown, 'chief')).status).toBe(404); // nobody real
    expect(await actor(city)).toMatchObject({ actor: { kind: 'anonymous' } }); // the other process has none
    await shown[Symbol.asyncDispose]();
    const hidden = await openHouseOfPeople({ modules, engine, clock, database, env });
    expect(await rows()).toEqual([]);
    expect(await actor(hidden)).toMatchObject({ actor: { kind: 'anonymous' } });
    await hidden[Symbol.asyncDispose]();
  });

  test('every consequential act is in the log, in its own transaction', async () => {
    const noted = await city.house.database.query<{ action: string; actor: string }>(
      'select distinct action, actor from audit.entries',
    );
    const actions = noted.map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'identity.sign-in',
        'identity.keep-members',
        'identity.keep-own-account',
        'identity.keep-people',
        'identity.check-documents',
        'identity.recover',
      ]),
    );
  });
});
