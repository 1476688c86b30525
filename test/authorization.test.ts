/**
 * Who may do what, asked of the house as it runs: every route that it listens to, as nobody, as strangers (a newcomer's
 * trial device, an application with rights of another kind), and as an administrator who signed in.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import type { BookedRoute } from '#kernel/http';
import type { Identity } from '#platform/identity';
import type { GrantedAction } from '#platform/policy';
import { openTestCity } from './city.ts';

/** There only where the pages were built. */
const BUILT = /^\/(?:assets\/)?\*$/;
const ANSWER_MS_MAX = 60_000;
const LIMIT_MS = 120_000;

let house: House;
let address: string;
let grants: ReadonlyMap<string, readonly string[]>;
let device: { id: string; secret: string };
let application: string;
let cookie: string;

const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  house = await openTestCity({ AUTH: 'on' });
  address = await house.listen();
  const first = await (house.apis['identity'] as Identity).ensureFirstAdministrator();
  const session = await post('/api/identity/sessions', first!);
  cookie = session.headers.getSetCookie()[0]!.split(';')[0]!;
  const trial = await post('/api/sensing/sandbox-devices', { name: 'stranger' });
  const made = (await trial.json()) as { device: { id: string }; secret: string };
  device = { id: made.device.id, secret: made.secret };
  const token = await post(
    '/api/identity/tokens',
    { name: 'A stranger', roles: ['developer'] },
    { cookie },
  );
  application = ((await token.json()) as { secret: string }).secret;
  const actions = await fetch(`${address}/api/policy/actions`, { headers: { cookie } });
  const { items } = (await actions.json()) as { items: GrantedAction[] };
  grants = new Map(items.map(({ id, grant }) => [id, grant]));
}, LIMIT_MS);
afterAll(() => house?.[Symbol.asyncDispose]());

const grantOf = (action: string | undefined) => grants.get(action ?? '') ?? [];

/** The answer's status; the body is not waited for, since some streams never end. */
const ask = async (method: string, url: string, headers: Record<string, string>) => {
  const path = url.replace(':id', device.id).replace('*', 'x').replaceAll(/:\w+/g, '1');
  const answer = await fetch(address + path, {
    method,
    headers,
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  await answer.body?.cancel();
  return answer.status;
};

/** Each route whose answer is not as it should be, with that answer. */
const faults = async (
  headers: Record<string, string>,
  isRight: (status: number, grant: readonly string[]) => boolean,
) => {
  const found: string[] = [];
  const askAll = (routes: readonly BookedRoute[]) =>
    Promise.all(
      routes.map(async ({ method, url, action }) => {
        const status = await ask(method, url, headers).catch((error: Error) => error.message);
        if (typeof status === 'string' || !isRight(status, grantOf(action)))
          found.push(`${method} ${url} → ${status}`);
      }),
    );
  const endsSession = ({ url }: BookedRoute) => url === '/api/identity/sessions/current';
  const routes = house.app.listRoutes();
  await askAll(routes.filter((route) => !endsSession(route)));
  await askAll(routes.filter(endsSession));
  return found;
};

/** Refused with 403 exactly where neither anyone nor one of these roles is granted it, and known everywhere. */
const asStranger =
  (...roles: string[]) =>
  (status: number, grant: readonly string[]) =>
    status !== 401 &&
    (status === 403) !== ['anyone', ...roles].some((role) => grant.includes(role));

describe('every running route', { timeout: LIMIT_MS }, () => {
  test('names an action that a manifest declares', () => {
    const routes = house.app.listRoutes();
    expect(routes.length).toBeGreaterThan(80);
    expect(routes.filter(({ action }) => !grants.has(action ?? ''))).toEqual([]);
  });

  test('is closed to nobody in particular unless anyone is granted it', async () => {
    const isRight = (status: number, grant: readonly string[]) =>
      (status === 401) !== grant.includes('anyone');
    expect(await faults({}, isRight)).toEqual([]);
  });

  test('is closed to a device that is not granted it', async () => {
    const bearer = { authorization: `Bearer ${device.secret}` };
    expect(await faults(bearer, asStranger('device'))).toEqual([]);
  });

  test('is closed to an application with rights of another kind', async () => {
    const bearer = { authorization: `Bearer ${application}` };
    expect(await faults(bearer, asStranger('developer'))).toEqual([]);
  });

  test('is closed to a secret that nobody holds', async () => {
    expect(await ask('GET', '/health', { authorization: 'Bearer made-up' })).toBe(401);
  });

  test('is open to an administrator', async () => {
    const isRight = (status: number) => status !== 401 && status !== 403;
    expect(await faults({ cookie }, isRight)).toEqual([]);
  });

  test('asks for what is written down: a change shows here', async () => {
    const rows = house.app
      .listRoutes()
      .filter(({ method, url }) => method !== 'HEAD' && !BUILT.test(url))
      .map(({ method, url, action }) => [method, url, action, grantOf(action).join(' ')]);
    const table = rows
      .map((row) => row.join('\t'))
      .toSorted()
      .join('\n');
    await expect(`${table}\n`).toMatchFileSnapshot('snapshots/routes.tsv');
  });
});
