import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openHouse } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import type { Gate } from '#kernel/http';
import { openLog } from '#kernel/log';
import { fixedClock } from '#kernel/time';
import type { Policy } from '#platform/policy';
import policyModule from '../policy/module.ts';
import type { Identity } from './index.ts';
import identityModule from './module.ts';
import { addPerson } from './people/people.ts';
import auditModule from '../audit/module.ts';
import registersModule from '../registers/module.ts';
import type { IdentityTables } from './tables.ts';
import { testFolder } from '../../../test/folder.ts';

const START = '2026-08-01T08:00:00+08:00';
const WORKER = {
  name: 'Lin Hai',
  password: 'tide-and-three-rivers',
  roles: ['developer'] as const,
};

describe.each(testEngines)('identity on %s', (engine) => {
  const clock = fixedClock(START);
  let database: Database;
  let house: House;
  let first: { name: string; password: string };

  const openOn = async (env: Record<string, string>) =>
    openHouse({
      modules: [identityModule, registersModule, auditModule, policyModule],
      config: readConfig({
        LOG_LEVEL: 'silent',
        PORT: '0',
        DEMO: 'off',
        DATA_DIR: testFolder(),
        ...env,
      }),
      clock,
      log: openLog('silent'),
      version: '0.0.0-test',
      quiet: true,
      database,
      gate: (apis): Gate => ({
        identify: (apis['identity'] as Identity).identify,
        allows: (apis['policy'] as Policy).allows,
      }),
    });

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    house = await openOn({ PUBLIC_URL: 'https://city.example' });
    first = (await (house.apis['identity'] as Identity).ensureFirstAdministrator())!;
    await addPerson(database.schema<IdentityTables>('identity'), WORKER, clock.now());
  });
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });
  let tests = 0;
  let address: string; // limits are counted by address
  beforeEach(() => {
    address = `192.0.2.${++tests}`;
  });

  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    { body, ...headers }: Record<string, unknown> = {},
  ) => {
    const answer = await house.app.inject({
      method,
      url,
      remoteAddress: address,
      headers: headers as Record<string, string>,
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return {
      status: answer.statusCode,
      cookies: answer.cookies,
      body: answer.body ? answer.json() : undefined,
    };
  };
  const signIn = (who: { name: string; password: string }, headers: Record<string, string> = {}) =>
    call('POST', '/api/identity/sessions', {
      body: { name: who.name, password: who.password },
      ...headers,
    });
  const cookieOf = async (who: { name: string; password: string }) => {
    const { cookies } = await signIn(who);
    return { cookie: `sj_session=${cookies[0]!.value}` };
  };
  const me = async (headers: Record<string, string>) =>
    (await call('GET', '/api/identity/me', headers)).body.actor;

  test('there is one first administrator, made once', async () => {
    expect(first.name).toBe('admin');
    expect(first.password).toMatch(/^[2-9a-z]{4}(-[2-9a-z]{4}){3}$/);
    const again = await (house.apis['identity'] as Identity).ensureFirstAdministrator();
    expect(again).toBeUndefined();
  });

  test('a password is kept as argon2id, a session as a hash', async () => {
    await signIn(first);
    const [person] = await database.query<{ password_hash: string }>(
      "select password_hash from identity.people where name = 'admin'",
    );
    expect(person!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const [session] = await database.query<{ secret_hash: string }>(
      'select secret_hash from identity.sessions',
    );
    expect(session!.secret_hash).toMatch(/^[\w-]{43}$/);
  });

  test('who signs in is known until she signs out', async () => {
    const { status, cookies, body } = await signIn(WORKER);
    expect(status).toBe(201);
    expect(cookies).toEqual([
      expect.objectContaining({
        name: 'sj_session',
        httpOnly: true,
        sameSite: 'Lax',
        secure: true,
        path: '/',
      }),
    ]);
    expect(body.actor).toMatchObject({
      kind: 'person',
      name: 'Lin Hai',
      roles: ['anyone', 'person', 'developer'],
    });
    const cookie = { cookie: `sj_session=${cookies[0]!.value}` };
    expect(await me(cookie)).toMatchObject({ name: 'Lin Hai' });
    expect((await call('DELETE', '/api/identity/sessions/current', cookie)).status).toBe(204);
    expect(await me(cookie)).toMatchObject({ kind: 'anonymous' });
  });

  test('a session ends after twelve hours', async () => {
    const cookie = await cookieOf(WORKER);
    clock.advanceMs(12 * 3_600_000 - 1);
    expect(await me(cookie)).toMatchObject({ kind: 'person' });
    clock.advanceMs(1001);
    expect(await me(cookie)).toMatchObject({ kind: 'anonymous' });
  });

  test('a session that another process revoked is refused within a second', async () => {
    const cookie = await cookieOf(WORKER);
    expect(await me(cookie)).toMatchObject({ kind: 'person' });
    await database.query('update identity.sessions set revoked_at = now()');
    clock.advanceMs(1000);
    expect(await me(cookie)).toMatchObject({ kind: 'anonymous' });
  });

  test('a wrong password and an unknown name are answered alike', async () => {
    const wrong = await signIn({ name: 'admin', password: 'guess' });
    const unknown = await signIn({ name: 'nobody', password: 'guess' });
    expect(wrong.status).toBe(401);
    expect(unknown).toEqual(wrong);
  });

  test('after five wrong passwords the door closes, each time for longer', async () => {
    const at = (password: string) => signIn({ name: 'admin', password });
    for (let n = 0; n < 6; n++) expect((await at('guess')).status).toBe(401);
    const closed = await at(first.password);
    expect(closed.status).toBe(429);
    expect(closed.body.retryAfterSeconds).toBe(30);
    clock.advanceMs(30_000);
    expect((await at('guess')).status).toBe(401);
    expect((await at('guess')).body.retryAfterSeconds).toBe(60);
    clock.advanceMs(60_000);
    expect((await at(first.password)).status).toBe(201);
    expect((await at('guess')).status).toBe(401);
  });

  test('many guesses at once do not slip past the count', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => signIn({ name: 'raced', password: 'guess' })),
    );
    expect(answers.filter((a) => a.status === 401)).toHaveLength(6);
    expect(answers.filter((a) => a.status === 429)).toHaveLength(6);
  });

  test('a page of another site cannot act in a person’s name', async () => {
    const cookie = await cookieOf(WORKER);
    const body = { name: 'x', roles: ['developer'] };
    const post = (headers: Record<string, string>) =>
      call('POST', '/api/identity/tokens', { ...cookie, ...headers, body });
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await post({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post({ origin: 'null' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await post({ origin: 'https://city.example' })).status).toBe(201);
    expect((await call('GET', '/api/identity/me', { ...cookie, origin: 'null' })).status).toBe(200);
    expect((await signIn(WORKER, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  test('an application is known by its token until it is revoked', async () => {
    const cookie = await cookieOf(WORKER);
    const made = await call('POST', '/api/identity/tokens', {
      ...cookie,
      body: { name: 'Tide gauge reader', roles: ['developer'] },
    });
    expect(made.status).toBe(201);
    const bearer = { authorization: `Bearer ${made.body.secret}` };
    expect(await me(bearer)).toEqual({
      kind: 'application',
      id: made.body.id,
      name: 'Tide gauge reader',
      roles: ['anyone', 'developer'],
    });
    const list = (await call('GET', '/api/identity/tokens', cookie)).body.items;
    expect(list.map((t: { id: string }) => t.id)).toContain(made.body.id);
    expect(JSON.stringify(list)).not.toContain('sj_token_');
    const revoked = await call('DELETE', `/api/identity/tokens/${made.body.id}`, cookie);
    expect(revoked.status).toBe(204);
    expect((await call('GET', '/api/identity/me', bearer)).status).toBe(401);
  });

  test('nobody gives a role that they do not have, nor takes away what is another’s', async () => {
    const worker = await cookieOf(WORKER);
    const body = { name: 'x', roles: ['operator'] };
    expect((await call('POST', '/api/identity/tokens', { ...worker, body })).status).toBe(403);
    const admin = await cookieOf(first);
    const made = await call('POST', '/api/identity/tokens', { ...admin, body });
    expect(made.status).toBe(201);
    expect((await call('DELETE', `/api/identity/tokens/${made.body.id}`, worker)).status).toBe(404);
  });

  test('a bearer secret that is not valid is refused, not taken for nobody', async () => {
    const answer = await call('GET', '/api/identity/me', { authorization: 'Bearer sj_token_none' });
    expect(answer.status).toBe(401);
    expect(answer.body.type).toBe('urn:sanjiang:problem:unauthenticated');
  });

  test('the console’s secret is the house itself, and another module’s secret is whose it says', async () => {
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    expect(await me(bearer(house.consoleSecret))).toMatchObject({ kind: 'system', id: 'console' });
    (house.apis['identity'] as Identity).registerResolver(async (secret) =>
      secret === 'well' ? { kind: 'device', id: 'w', name: 'W', roles: ['anyone'] } : undefined,
    );
    expect(await me(bearer('well'))).toMatchObject({ kind: 'device', id: 'w' });
  });

  test('a new password ends the other sessions', async () => {
    const here = await cookieOf(WORKER);
    const elsewhere = await cookieOf(WORKER);
    const change = (current: string, next: string) =>
      call('PUT', '/api/identity/me/password', { ...here, body: { current, next } });
    expect((await change('wrong', 'a-longer-password')).status).toBe(403);
    expect((await change(WORKER.password, 'short')).status).toBe(400);
    expect((await change(WORKER.password, 'a-longer-password')).status).toBe(204);
    expect(await me(here)).toMatchObject({ kind: 'person' });
    expect(await me(elsewhere)).toMatchObject({ kind: 'anonymous' });
    expect((await signIn(WORKER)).status).toBe(401);
    expect((await change('a-longer-password', WORKER.password)).status).toBe(204);
  });

  test('what is not granted is denied', async () => {
    expect((await call('GET', '/api/policy/actions')).status).toBe(401);
    const worker = await cookieOf(WORKER);
    expect((await call('GET', '/api/policy/actions', worker)).status).toBe(403);
    const admin = await call('GET', '/api/policy/actions', await cookieOf(first));
    expect(admin.body.items).toContainEqual(
      expect.objectContaining({ id: 'identity.keep-tokens', module: 'identity' }),
    );
    const own = (await call('GET', '/api/policy/me', worker)).body.actions;
    expect(own).toContain('identity.keep-tokens');
    expect(own).not.toContain('policy.see-rights');
  });

  test('with AUTH=off everybody is an administrator, but no other site’s page is', async () => {
    await using open = await openOn({ AUTH: 'off' });
    const post = (headers: Record<string, string>) =>
      open.app.inject({
        method: 'POST',
        url: '/api/identity/tokens',
        headers,
        payload: { name: 'x', roles: ['operator'] },
      });
    const who = (await open.app.inject('/api/identity/me')).json();
    expect(who).toMatchObject({ auth: 'off', actor: { kind: 'anonymous' } });
    expect(who.actor.roles).toContain('administrator');
    expect((await post({})).statusCode).toBe(201);
    expect((await post({ origin: 'https://elsewhere.example' })).statusCode).toBe(403);
  });
});
