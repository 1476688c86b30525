import { describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openLog } from '#kernel/log';
import { fixedClock } from '#kernel/time';
import type { Audit } from '#platform/audit';
import { openTestHouse } from '../../../../../test/house.ts';
import { openReceiver } from '../../../../../test/receiver.ts';
import context from '../../module.ts';
import { addHealth } from './health.ts';
import { openRegistrations } from './registrations.ts';
import { openRegistry } from './registry.ts';

const DOOR = '/ngsi-ld/v1';
const CIXI = 'urn:ngsi-ld:ContextSourceRegistration:cixi';
const source = (id: string, more: object = {}) => ({
  id,
  type: 'ContextSourceRegistration',
  endpoint: 'http://cixi.example',
  information: [{ entities: [{ type: 'Bus', id: 'urn:ngsi-ld:Bus:1' }], propertyNames: ['speed'] }],
  ...more,
});

describe.each(testEngines)('registrations on %s', (engine) => {
  const open = (env = {}) => openTestHouse({ modules: [context], engine, env });
  const register = (house: House, payload: object) =>
    house.app.inject({ method: 'POST', url: `${DOOR}/csourceRegistrations`, payload });

  test('of exclusive registrations made at once for one attribute, one is made', async () => {
    await using house = await open();
    const asked = Array.from({ length: 8 }, (_, n) =>
      register(house, source(`${CIXI}:${n}`, { mode: 'exclusive' })),
    );
    const codes = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
    expect(codes.toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  test('what one process registers another knows a moment later', async () => {
    await using house = await open();
    const other = openRegistry(house.database, openLog('silent'));
    const count = async () => (await other.current()).list('').length;
    expect(await count()).toBe(0);
    expect((await register(house, source(CIXI))).statusCode).toBe(201);
    await expect.poll(count, { timeout: 5_000 }).toBe(1);
    const url = `${DOOR}/csourceRegistrations/${CIXI}`;
    await house.app.inject({ method: 'DELETE', url });
    await expect.poll(count, { timeout: 5_000 }).toBe(0);
  });

  test('how requests to it went stands with it, and goes with it', async () => {
    await using house = await open();
    const url = `${DOOR}/csourceRegistrations/${CIXI}`;
    const registration = async () => (await house.app.inject(url)).json();
    await register(house, source(CIXI));
    expect(await registration()).not.toHaveProperty('status');
    const change = { tenant: '', id: CIXI, sent: 2, failed: 0, timedOut: 0 };
    await addHealth(house.database, [
      { ...change, lastSuccess: '2026-08-01T08:00:00.000Z' },
      { ...change, id: 'urn:gone' },
    ]);
    expect(await registration()).toMatchObject({ status: 'ok', timesSent: 2, timesFailed: 0 });
    const failed = { ...change, sent: 1, failed: 1, timedOut: 1, lastError: 'Too slow.' };
    await addHealth(house.database, [{ ...failed, lastFailure: '2026-08-01T09:00:00.000Z' }]);
    expect(await registration()).toMatchObject({
      status: 'failed',
      timesSent: 3,
      timesFailed: 1,
      lastSuccess: '2026-08-01T08:00:00.000Z',
      lastFailure: '2026-08-01T09:00:00.000Z',
    });
    const shown = (await house.app.inject('/api/context/sources')).json();
    expect(shown.items).toMatchObject([
      { id: CIXI, state: 'failed', timedOut: 1, lastError: 'Too slow.', mode: 'inclusive' },
    ]);
    await house.app.inject({ method: 'DELETE', url });
    await register(house, source(CIXI));
    expect(await registration()).not.toHaveProperty('status');
  });

  test('one whose time is over goes, and those who asked are told', async () => {
    await using house = await open({ EGRESS_ALLOW: '127.0.0.1' });
    await using receiver = await openReceiver();
    const expiresAt = '2098-01-01T00:00:00Z';
    await register(house, source(CIXI, { expiresAt }));
    await house.app.inject({
      method: 'POST',
      url: `${DOOR}/csourceSubscriptions`,
      payload: {
        type: 'Subscription',
        entities: [{ type: 'Bus' }],
        notification: { endpoint: { uri: receiver.url } },
      },
    });
    await receiver.until(1);
    const clock = fixedClock('2098-01-01T00:00:01Z');
    const { database } = house;
    const audit = house.apis['audit'] as Audit;
    await openRegistrations({ database, clock, audit, changed: () => undefined }).removeExpired();
    const [, gone] = await receiver.until(2);
    expect(gone!.body).toMatchObject({ triggerReason: 'noLongerMatching', data: [{ id: CIXI }] });
    expect(await database.query('select 1 from context.registrations')).toEqual([]);
  });
});
