import { expect, test } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';

test.each([
  'password1234',
  'Passw0rd2024!!',
  'qwertyuiop123',
  '123456789012',
  'iloveyou5201314',
  'woaini1314520',
  'aaaaaaaaaaaaaa',
  'abababababab',
  'admin-admin-2026',
  'Ningbo@2026!!!',
  'linhai-linhai-1',
  'welcome.linhai.2026',
])('%s is refused: it is tried first', (password) => {
  expect(isCommonPassword(password, 'linhai')).toBe(true);
});

test.each([
  'tide-and-three-rivers',
  'kq3m-x8vt-9wpd-h2rb',
  'correct horse battery staple',
  '潮起三江口灯火可亲处',
])('%s is taken', (password) => {
  expect(isCommonPassword(password, 'linhai')).toBe(false);
});
