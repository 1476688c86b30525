import { expect, test } from 'vitest';
import { keepMsOf } from './fetch.ts';

const DATE = 'Sat, 01 Aug 2026 00:00:00 GMT';

test.each<[string, Record<string, string>, number]>([
  ['an hour where nothing is said', {}, 3_600_000],
  ['as long as max-age says', { 'cache-control': 'public, max-age=600' }, 600_000],
  ['less what it spent on the way', { 'cache-control': 'max-age=600', age: '100' }, 500_000],
  ['until Expires', { date: DATE, expires: 'Sat, 01 Aug 2026 00:05:00 GMT' }, 300_000],
  [
    'max-age goes before Expires',
    { 'cache-control': 'max-age=60', date: DATE, expires: DATE },
    60_000,
  ],
  ['hardly where it may not be kept', { 'cache-control': 'no-store' }, 10_000],
  ['hardly where it has expired', { date: DATE, expires: '0' }, 10_000],
  ['a week at most', { 'cache-control': 'max-age=31536000' }, 604_800_000],
])('a context is kept %s', (_what, headers, ms) => {
  expect(keepMsOf(headers)).toBe(ms);
});
