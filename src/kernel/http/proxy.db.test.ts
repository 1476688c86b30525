import { expect, test } from 'vitest';
import { openTestDatabase } from '#kernel/database';
import { defineModule, port } from '#kernel/module';
import { openTestHouse } from '../../../test/house.ts';

const mirror = defineModule({
  provides: port<object>()('mirror'),
  title: { zh: '镜', en: 'Mirror' },
  plan: {},
  uses: [],
  events: {},
  actions: { 'mirror.look': { title: { zh: '看', en: 'Look' }, grant: ['anyone'] } },
  setup: () => ({
    api: {},
    routes: (app) => {
      app.get('/', { config: { action: 'mirror.look' } }, async ({ ip, host, protocol }) => ({
        ip,
        host,
        protocol,
      }));
    },
  }),
});

const FORWARDED = {
  host: 'inside:8080',
  'x-forwarded-for': '203.0.113.7, 192.0.2.9',
  'x-forwarded-host': 'city.example',
  'x-forwarded-proto': 'https',
};

test('who a caller says to be forwarded for is believed of named proxies only', async () => {
  await using database = await openTestDatabase();
  const ask = async (trust: string, remoteAddress: string) => {
    await using house = await openTestHouse({
      database,
      modules: [mirror],
      env: { TRUST_PROXY: trust },
    });
    const answer = await house.app.inject({
      url: '/api/mirror',
      headers: FORWARDED,
      remoteAddress,
    });
    return answer.json();
  };
  const itself = { ip: '10.1.1.1', host: 'inside:8080', protocol: 'http' };
  expect(await ask('', '10.1.1.1')).toEqual(itself);
  expect(await ask('10.2.0.0/16', '10.1.1.1')).toEqual(itself);
  // The last address that no trusted proxy wrote itself.
  const forwarded = { host: 'city.example', protocol: 'https' };
  expect(await ask('10.1.0.0/16', '10.1.1.1')).toEqual({ ip: '192.0.2.9', ...forwarded });
  expect(await ask('10.1.1.1,192.0.2.9', '10.1.1.1')).toEqual({ ip: '203.0.113.7', ...forwarded });
});
