import { expect, it } from 'vitest';
import { parseInstant } from './parse.ts';

it('writes an instant as ISO 8601 in UTC with milliseconds', () => {
  expect(parseInstant('2026-11-22 21:47:15+00')).toBe('2026-11-22T21:47:15.000Z');
  expect(parseInstant('2026-11-22 21:47:15.5+00')).toBe('2026-11-22T21:47:15.500Z');
});

it('cuts microseconds and never rounds into the future', () => {
  expect(parseInstant('2026-11-22 23:59:59.999999+00')).toBe('2026-11-22T23:59:59.999Z');
});

it('understands the zone of another session', () => {
  expect(parseInstant('2026-08-01 08:00:00+08')).toBe('2026-08-01T00:00:00.000Z');
  expect(parseInstant('2026-08-01 08:00:00.25+05:30')).toBe('2026-08-01T02:30:00.250Z');
});

it('leaves what has no ISO form', () => {
  expect(parseInstant('infinity')).toBe('infinity');
  expect(parseInstant('0044-03-15 00:00:00+00 BC')).toBe('0044-03-15 00:00:00+00 BC');
});
