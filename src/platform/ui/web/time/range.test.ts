import { expect, test } from 'vitest';
import { rangeEnds, rangeText, readRange } from './range.ts';

const now = Date.parse('2026-08-01T00:00:00Z');

test('the last day ends now', () => {
  expect(rangeEnds({ last: '24h' }, now)).toEqual({
    from: '2026-07-31T00:00:00.000Z',
    to: '2026-08-01T00:00:00.000Z',
  });
});

test('a period survives the address bar', () => {
  const fixed = { from: '2021-07-24T00:00:00.000Z', to: '2021-07-26T12:00:00.000Z' };
  expect(readRange(rangeText(fixed))).toEqual(fixed);
  expect(readRange(rangeText({ last: '7d' }))).toEqual({ last: '7d' });
});

test('a period that ends before it starts is none', () => {
  expect(readRange('2021-07-26T00:00:00Z/2021-07-24T00:00:00Z')).toBeUndefined();
  expect(readRange('yesterday')).toBeUndefined();
  expect(readRange(undefined)).toBeUndefined();
});
