import { expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestHouse } from '../../../../test/house.ts';
import { type Json, openReceiver } from '../../../../test/receiver.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const CHANGES = 50;
/** A wait that the breaker may set: what it waits for is moved into the past instead. */
const LONG_AGO = "now() - interval '1 s'";

const subscribe = async (house: House, uri: string) => {
  const answer = await house.app.inject({
    method: 'POST',
    url: `${DOOR}/subscriptions`,
    payload: {
      type: 'Subscription',
      entities: [{ type: 'Sluice' }],
      notification: { endpoint: { uri, timeout: 500 } },
    },
  });
  expect(answer.statusCode, answer.body).toBe(201);
};
const write = (house: House, n: number) =>
  house.app.inject({
    method: 'POST',
    url: `${DOOR}/entityOperations/upsert`,
    payload: [{ id: `urn:x:sluice-${n % 5}`, type: 'Sluice', n }],
  });
const numbers = (received: readonly { body: Json }[]) =>
  received.map(({ body }) => body.data[0].n.value as number);

/** How often the dead receiver has been tried by now. */
const attemptsAt = async (house: House, uri: string): Promise<number> => {
  const [row] = await house.database.query<{ failures: number }>(
    'select failures from context.endpoints where uri = $1',
    [uri],
  );
  return row?.failures ?? 0;
};

test('a receiver that is dead for long delays nobody, and is told everything once it is back', async () => {
  await using house = await openTestHouse({
    modules: [context],
    env: { EGRESS_ALLOW: '127.0.0.1' },
  });
  await using well = await openReceiver();
  const gone = await openReceiver();
  const { url, port } = gone;
  await gone[Symbol.asyncDispose]();
  await subscribe(house, url);
  await subscribe(house, well.url);

  const began = Date.now();
  for (let n = 0; n < CHANGES; n++) await write(house, n);
  await well.until(CHANGES);
  const tookMs = Date.now() - began;
  expect(new Set(numbers(well.received)).size).toBe(CHANGES);
  expect(tookMs).toBeLessThan(15_000);

  // An hour of tries, and more: each pause is cut short, none is given up.
  for (let tries = 1; tries <= 30; tries++) {
    await house.database.query(`update context.endpoints set due_at = ${LONG_AGO} where uri = $1`, [
      url,
    ]);
    await expect
      .poll(() => attemptsAt(house, url), { interval: 20, timeout: 5_000 })
      .toBeGreaterThanOrEqual(tries);
  }
  const dead = await house.app.inject('/api/context/deliveries?state=dead');
  expect(dead.json().items).toEqual([]);
  const [endpoint] = (await house.app.inject('/api/context/endpoints')).json().items;
  expect(endpoint).toMatchObject({ uri: url, health: 'paused', waiting: CHANGES, dead: 0 });

  await using back = await openReceiver(undefined, port);
  await house.database.query(`update context.endpoints set due_at = ${LONG_AGO} where uri = $1`, [
    url,
  ]);
  await back.until(CHANGES, 20_000);
  expect(back.received).toHaveLength(CHANGES);
  for (let sluice = 0; sluice < 5; sluice++) {
    const told = numbers(back.received).filter((n) => n % 5 === sluice);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  }
  await expect
    .poll(async () => (await house.app.inject('/api/context/endpoints')).json().items)
    .toMatchObject([
      { health: 'well', waiting: 0, failures: 0 },
      { health: 'well', waiting: 0, failures: 0 },
    ]);
}, 120_000);

test('what was given up for a receiver is told again all at once, the oldest first', async () => {
  await using house = await openTestHouse({
    modules: [context],
    env: { EGRESS_ALLOW: '127.0.0.1' },
  });
  await using receiver = await openReceiver();
  await subscribe(house, receiver.url);
  for (let n = 0; n < 3; n++) await write(house, 5 * n);
  await receiver.until(3);
  await expect
    .poll(
      async () => (await house.app.inject('/api/context/deliveries?state=delivered')).json().items,
    )
    .toHaveLength(3);
  const first = receiver.received.splice(0).map(({ body }) => body);
  await house.database.query("update context.deliveries set state = 'dead'");
  const replayed = await house.app.inject({
    method: 'POST',
    url: '/api/context/replays',
    payload: { endpoint: receiver.url },
  });
  expect([replayed.statusCode, replayed.json()]).toEqual([202, { replayed: 3, left: 0 }]);
  await receiver.until(3);
  expect(receiver.received.map(({ body }) => body)).toEqual(first);
});
