import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEgress } from './index.ts';

const server = createServer((request, answer) => {
  if (request.url === '/away')
    answer.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
  else if (request.url === '/long') answer.end('x'.repeat(100_000));
  else if (request.url === '/never') return;
  else answer.end('here');
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const limits = { timeoutMs: 500, bytesMax: 1000 };

test('our own machine and network are out of reach unless they are listed', async () => {
  const call = openEgress([]);
  for (const host of [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `[::1]:${port}`,
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '[::ffff:127.0.0.1]',
    '[::7f00:1]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:7f00:1::]',
    '198.18.0.1',
  ])
    await expect(call({ url: `http://${host}/`, ...limits }), host).rejects.toMatchObject({
      kind: 'forbidden',
    });
  const allowed = openEgress(['127.0.0.1']);
  expect((await allowed({ url: `http://127.0.0.1:${port}/`, ...limits })).body.toString()).toBe(
    'here',
  );
  const byName = openEgress(['localhost']);
  expect((await byName({ url: `http://localhost:${port}/`, ...limits })).status).toBe(200);
});

test('a redirect is judged like the first address', async () => {
  const call = openEgress(['127.0.0.0/8']);
  await expect(
    call({ url: `http://127.0.0.1:${port}/away`, redirectsMax: 2, ...limits }),
  ).rejects.toMatchObject({ kind: 'forbidden' });
});

test('size and time are bounded', async () => {
  const call = openEgress(['127.0.0.1']);
  await expect(call({ url: `http://127.0.0.1:${port}/long`, ...limits })).rejects.toMatchObject({
    kind: 'too-large',
  });
  await expect(call({ url: `http://127.0.0.1:${port}/never`, ...limits })).rejects.toMatchObject({
    kind: 'timeout',
  });
});
