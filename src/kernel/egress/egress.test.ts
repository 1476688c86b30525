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

/** A second origin that tells what came to it, and a first one that sends there. */
const openPair = async () => {
  const echo = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      answer.end(
        JSON.stringify({
          method: request.method,
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      ),
    );
  });
  await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
  const to = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/`;
  const first = createServer((request, answer) => {
    const [, status, where] = /^\/(\d+)\/(\w+)/.exec(request.url ?? '') ?? [];
    if (where === 'here')
      return void answer.end(JSON.stringify({ method: request.method, headers: request.headers }));
    const location = where === 'away' ? to : where === 'same' ? '/200/here' : 'http://[no:such';
    answer.writeHead(Number(status), { location }).end();
  });
  await new Promise<void>((done) => first.listen(0, '127.0.0.1', done));
  const from = `http://127.0.0.1:${(first.address() as AddressInfo).port}`;
  return {
    from,
    [Symbol.asyncDispose]: async () => {
      for (const one of [echo, first]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
};
const secretive = {
  method: 'POST',
  body: '{"n":1}',
  headers: {
    Authorization: 'Bearer s',
    'X-Key': 'k',
    cookie: 'c=1',
    'content-type': 'application/json',
    accept: 'application/json',
  },
  redirectsMax: 2,
  timeoutMs: 2000,
  bytesMax: 10_000,
} as const;

test('another origin learns no secret by a redirect', async () => {
  await using pair = await openPair();
  const call = openEgress(['127.0.0.1']);
  const told = async (path: string) =>
    JSON.parse((await call({ url: pair.from + path, ...secretive })).body.toString('utf8'));
  for (const status of [301, 302, 303, 307, 308]) {
    const { headers } = await told(`/${status}/away`);
    expect(headers, String(status)).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('x-key');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).toHaveProperty('accept', 'application/json');
  }
  expect((await told('/307/same')).headers).toMatchObject({
    authorization: 'Bearer s',
    'x-key': 'k',
  });
});

test('a redirect repeats the request or asks anew, as RFC 9110 says of its status', async () => {
  await using pair = await openPair();
  const call = openEgress(['127.0.0.1']);
  const told = async (status: number, method: 'POST' | 'PUT' | 'HEAD') => {
    const { body } = await call({ url: `${pair.from}/${status}/away`, ...secretive, method });
    return body.length > 0 ? JSON.parse(body.toString('utf8')) : { method };
  };
  for (const status of [301, 302, 303]) {
    const anew = await told(status, 'POST');
    expect(anew, String(status)).toMatchObject({ method: 'GET', body: '' });
    expect(anew.headers).not.toHaveProperty('content-type');
  }
  for (const status of [307, 308])
    expect(await told(status, 'POST')).toMatchObject({ method: 'POST', body: '{"n":1}' });
  expect(await told(301, 'PUT')).toMatchObject({ method: 'PUT', body: '{"n":1}' });
  expect(await told(303, 'PUT')).toMatchObject({ method: 'GET', body: '' });
});

test('a redirect to nowhere is a refusal, and one that is none is an answer', async () => {
  await using pair = await openPair();
  const call = openEgress(['127.0.0.1']);
  const ask = (path: string) => call({ url: pair.from + path, ...secretive });
  await expect(ask('/302/nowhere')).rejects.toMatchObject({ kind: 'unavailable' });
  expect((await ask('/304/away')).status).toBe(304);
  await expect(call({ url: 'no address', ...limits })).rejects.toMatchObject({ kind: 'invalid' });
});
