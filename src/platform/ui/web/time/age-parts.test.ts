import { expect, test } from 'vitest';
import { ageParts } from './age-parts.ts';

const now = Date.parse('2026-08-01T08:00:00+08:00');

test.each([
  [2_000, 'ageNow', 0],
  [59_000, 'ageSeconds', 59],
  [60_000, 'ageMinutes', 1],
  [3 * 3_600_000 + 1, 'ageHours', 3],
  [49 * 3_600_000, 'ageDays', 2],
])('%i ms old reads %s %i', (ms, key, count) => {
  expect(ageParts(now - ms, now)).toMatchObject({ key, count });
});

test('a clock that runs ahead is shown as ahead', () => {
  expect(ageParts(now + 120_000, now)).toMatchObject({ key: 'inMinutes', count: 2 });
});

test('an age ticks when it changes and not before', () => {
  expect(ageParts(now - 61_000, now).nextMs).toBe(59_000);
  expect(ageParts(now - 61_000, now + 59_000).count).toBe(2);
});
