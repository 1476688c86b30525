import { expect, test } from 'vitest';
import { openTestCity } from './city.ts';

test('with AUTH=off a name that was made to point here is refused, and its own are not', async () => {
  await using house = await openTestCity({ AUTH: 'off' });
  const status = async (host: string) =>
    (await house.app.inject({ url: '/api/house', headers: { host } })).statusCode;
  expect(await status('evil.example:8080')).toBe(403);
  for (const own of ['localhost:8080', '127.0.0.1', '[::1]:8080'])
    expect(await status(own)).toBe(200);
}, 120_000);
