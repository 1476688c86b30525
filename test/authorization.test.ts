import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { openLog } from '#kernel/log';
import type { GrantedAction, Policy } from '#platform/policy';
import { openCity } from '../src/apps/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'sanjiang-rights-'));
const asConsole = () => ({ authorization: `Bearer ${house.consoleSecret}` });
let house: House;
let grants: ReadonlyMap<string, readonly string[]>;

type Method = 'GET' | 'POST';
const ask = (
  { method, url }: { method: string; url: string },
  headers: Record<string, string> = {},
) =>
  house.app.inject({
    method: method as Method,
    url: url.replaceAll(/:\w+|\*/g, 'x'),
    headers,
  });

/** The running routes that none of these roles is granted. */
const closedTo = (...roles: string[]) =>
  house.app
    .listRoutes()
    .filter(({ action }) => !grants.get(action!)!.some((role) => roles.includes(role)));

beforeAll(async () => {
  const env = { DATA_DIR: folder, DEMO: 'off', MQTT_PORT: '0', PORT: '0' };
  house = await openCity(readConfig(env), openLog('silent'));
  const answer = await house.app.inject({ url: '/api/policy/actions', headers: asConsole() });
  const { items } = answer.json<{ items: GrantedAction[] }>();
  grants = new Map(items.map(({ id, grant }) => [id, grant]));
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe('every running route', () => {
  test('names an action that somebody declares', () => {
    const routes = house.app.listRoutes();
    expect(routes.length).toBeGreaterThan(50);
    for (const { url, action } of routes) expect(grants.has(action ?? ''), url).toBe(true);
  });

  test('is closed to nobody in particular unless anyone is granted it', async () => {
    const closed = closedTo('anyone');
    expect(closed.length).toBeGreaterThan(10);
    for (const route of closed)
      expect((await ask(route)).statusCode, `${route.method} ${route.url}`).toBe(401);
  });

  test('is closed to a stranger with rights of another kind', async () => {
    const made = await house.app.inject({
      method: 'POST',
      url: '/api/identity/tokens',
      headers: asConsole(),
      payload: { name: 'A stranger', roles: ['developer'] },
    });
    const bearer = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    for (const route of closedTo('anyone', 'developer'))
      expect((await ask(route, bearer)).statusCode, `${route.method} ${route.url}`).toBe(403);
  });

  test('is open to whom it is granted, and to an administrator', () => {
    const { allows } = house.apis['policy'] as Policy;
    const actor = (role: string) =>
      ({ kind: 'person', id: 'p', name: 'P', roles: [role as Role] }) as const;
    for (const { action } of house.app.listRoutes())
      for (const role of [...grants.get(action!)!, 'administrator'])
        expect(allows(actor(role), action!), `${role} ${action}`).toBe(true);
  });
});
