import { expect, test } from 'vitest';
import { openReach } from './reach.ts';

test('an address of our own network is reached only where it is allowed', async () => {
  await expect(openReach([])('127.0.0.1')).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(openReach([])('localhost')).rejects.toMatchObject({ kind: 'forbidden' });
  expect(await openReach(['127.0.0.0/8'])('127.0.0.1')).toBe('127.0.0.1');
  expect(await openReach(['localhost'])('localhost')).toMatch(/^(?:127\.0\.0\.1|::1)$/);
});

test('a name that nobody knows is unavailable', async () => {
  await expect(openReach([])('nobody.invalid')).rejects.toMatchObject({ kind: 'unavailable' });
});
