import { expect, test } from 'vitest';
import { ownPath } from './own-path.ts';

test.each([
  ['/work/devices?page=2', '/work/devices?page=2'],
  [undefined, '/'],
  ['//elsewhere.example/x', '/'],
  ['/\\elsewhere.example', '/'],
  ['/\t/elsewhere.example', '/'],
  ['https://elsewhere.example', '/'],
  ['javascript:alert(1)', '/'],
])('after signing in, %s leads to %s', (asked, path) => {
  expect(ownPath(asked)).toBe(path);
});
