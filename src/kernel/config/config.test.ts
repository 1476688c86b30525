import { expect, test } from 'vitest';
import { readConfig } from './index.ts';

test('without settings it listens on this machine only, and asks who comes', () => {
  expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 8080, auth: 'on', role: 'all' });
});

test('everybody may do everything only on a loopback address', () => {
  expect(readConfig({ AUTH: 'off' }).auth).toBe('off');
  expect(readConfig({ AUTH: 'off', HOST: '::1' }).auth).toBe('off');
  expect(() => readConfig({ AUTH: 'off', HOST: '0.0.0.0' })).toThrow(/loopback/);
});

test('a wrong setting is named', () => {
  expect(() => readConfig({ PORT: 'eighty' })).toThrow(/PORT/);
  expect(() => readConfig({ DATABASE_URL: 'mysql://x' })).toThrow(/DATABASE_URL/);
});

test('no proxy is believed that is not named by its address', () => {
  expect(readConfig({}).trustProxy).toEqual([]);
  expect(readConfig({ TRUST_PROXY: '10.0.0.1, fd00::/8' }).trustProxy).toEqual([
    '10.0.0.1',
    'fd00::/8',
  ]);
  for (const wrong of ['true', 'loopback', '10.0.0.0/33', '10.0.0.1/8/8', 'proxy.local', '1'])
    expect(() => readConfig({ TRUST_PROXY: wrong }), wrong).toThrow(/TRUST_PROXY/);
});
