import { expect, test } from 'vitest';
import { parseDurationMs, parseInstant } from './index.ts';

test.each([
  ['2026-08-01T08:00:00.001Z', '2026-08-01T08:00:00.001Z'],
  ['2026-08-01T08:00:00Z', '2026-08-01T08:00:00.000Z'],
  ['2026-08-01T08:00:00.123456Z', '2026-08-01T08:00:00.123Z'],
  ['2026-08-01T16:00:00+08:00', '2026-08-01T08:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
])('%s is an instant', (text, utc) => {
  expect(new Date(parseInstant(text)!).toISOString()).toBe(utc);
});

test.each([
  '2026-08-01',
  '2026-08-01T08:00:00',
  '2023-02-29T00:00:00Z',
  '2023-02-29T00:00:00.000Z',
  '2026-08-01T24:00:00.000Z',
  '2026-13-01T00:00:00Z',
  '2026-08-01T24:30:00Z',
  'now',
  '',
])('%j is none', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('durations have a length', () => {
  expect(parseDurationMs('PT1H30M')).toBe(5_400_000);
  expect(parseDurationMs('P1DT0.5S')).toBe(86_400_500);
  for (const none of ['P', 'PT', '1H', 'P1H']) expect(parseDurationMs(none)).toBeUndefined();
});
