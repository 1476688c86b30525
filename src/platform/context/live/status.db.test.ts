import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import { openReceiver } from '../../../../test/receiver.ts';
import module from '../module.ts';

describe.each(testEngines)('status on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [module], engine, env: { EGRESS_ALLOW: '127.0.0.1' } });
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  const post = async (path: string, payload: object) => {
    const answer = await house.app.inject({ method: 'POST', url: `/ngsi-ld/v1${path}`, payload });
    expect(answer.statusCode, answer.body).toBe(201);
  };
  const status = async () => (await house.app.inject('/api/context/status')).json();

  test('the broker tells how it is: what it holds, what waits, and who is behind', async () => {
    await using receiver = await openReceiver(() => 503);
    await post('/subscriptions', {
      type: 'Subscription',
      entities: [{ type: 'Sluice' }],
      notification: { endpoint: { uri: receiver.url } },
    });
    await post('/jsonldContexts', { '@context': { Sluice: 'https://ningbo.example/Sluice' } });
    await post('/entities', {
      id: 'urn:ngsi-ld:Sluice:1',
      type: 'Sluice',
      open: { type: 'Property', value: true },
    });
    await receiver.until(1);
    await expect.poll(status, { timeout: 10_000, interval: 500 }).toMatchObject({
      entities: { count: 1, tenants: 1, expiring: 0 },
      history: { rows: expect.any(Number) },
      writes: { waiting: 0 },
      subscriptions: { count: 1, active: 1 },
      deliveries: { waiting: 1, dead: 0, receiversFailing: 1 },
      outbox: {
        consumers: expect.arrayContaining([expect.objectContaining({ lag: 0 })]),
        readers: 0,
      },
      contexts: { Hosted: 1, Cached: 0, ImplicitlyCreated: 0 },
      models: 0,
      registrations: 0,
    });
  });
});
