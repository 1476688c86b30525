/** Stored contexts: ETSI GS CIM 009 V1.9.1, clauses 5.13, 6.29 and 6.30, and what contexts may hold (4.4, 5.5.6, 5.5.7). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR, ERROR } from './cases.ts';

const BOAT = 'https://ningbo.example/boat#';
const SERVED = `${DOOR}/jsonldContexts`;

/** A server of contexts that can fall silent. */
const openPublisher = async () => {
  const documents = new Map<string, string>();
  const asked: string[] = [];
  const server: Server = createServer((request, reply) => {
    asked.push(request.url!);
    const text = documents.get(request.url!);
    reply.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/ld+json' });
    reply.end(text);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    documents,
    asked,
    publish: (path: string, document: unknown): string => {
      documents.set(path, typeof document === 'string' ? document : JSON.stringify(document));
      return `http://127.0.0.1:${port}${path}`;
    },
    close: () => new Promise((done) => server.close(done)),
  };
};

let house: House;
let publisher: Awaited<ReturnType<typeof openPublisher>>;
let made = 0;

beforeAll(async () => {
  publisher = await openPublisher();
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
});
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await publisher.close();
});
beforeEach(async () => {
  for (const { localId } of (await inject('GET', `${SERVED}?details=true`)).json())
    await inject('DELETE', at(localId));
  publisher.documents.clear();
  publisher.asked.length = 0;
});

const inject = (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: unknown,
  headers: Record<string, string> = {},
) =>
  house.app.inject({
    method,
    url,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined
      ? {}
      : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  });

const host = async (inner: unknown, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await inject('POST', SERVED, { '@context': inner }, headers);
  expect(answer.statusCode, answer.body).toBe(201);
  expect(answer.body).toBe('');
  return String(answer.headers['location']);
};
const at = (idOrUrl: string) => `${SERVED}/${encodeURIComponent(idOrUrl)}`;
const detailsOf = async (idOrUrl: string) => {
  const answer = await inject('GET', `${at(idOrUrl)}?details=true`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};

/** Writes an entity under this context and answers the name that its one attribute is kept by, or the refusal. */
const write = async (inner: unknown, name = 'cargo') => {
  const id = `urn:ngsi-ld:Boat:${++made}`;
  const answer = await inject(
    'POST',
    `${DOOR}/entities`,
    { id, type: 'Boat', [name]: { type: 'Property', value: 1 }, '@context': inner },
    { 'content-type': 'application/ld+json' },
  );
  if (answer.statusCode !== 201) return { status: answer.statusCode, type: answer.json().type };
  const kept = (await inject('GET', `${DOOR}/entities/${id}`)).json();
  return Object.keys(kept).find((member) => member !== 'id' && member !== 'type');
};

describe('what we host (5.13.2, 5.13.4)', () => {
  test('a context is served as it came, and names things by our address of it without a call', async () => {
    const inner = { boat: BOAT, cargo: 'boat:cargo' };
    const location = await host(inner);
    const id = location.split('/').at(-1)!;
    const served = await inject('GET', location);
    expect(served.json()).toEqual({ '@context': inner });
    expect(served.headers['content-type']).toBe('application/json');
    const ld = await inject('GET', location, undefined, { accept: 'application/ld+json' });
    expect(ld.headers['content-type']).toBe('application/ld+json');
    expect(await write(location)).toBe(`${BOAT}cargo`);
    expect(await write(`http://ningbo.example${location}`)).toBe(`${BOAT}cargo`);
    const link = `<http://127.0.0.1:1${location}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
    const found = await inject('GET', `${DOOR}/entities?type=Boat&q=cargo==1`, undefined, { link });
    expect(found.json()[0]).toHaveProperty('cargo');
    expect(await detailsOf(id)).toMatchObject({
      localId: id,
      kind: 'Hosted',
      URL: expect.stringMatching(new RegExp(`^http://.*${location}$`)),
      createdAt: expect.any(String),
      lastUsage: expect.any(String),
    });
  });

  test('it is there after a restart', async () => {
    const location = await host({ cargo: `${BOAT}cargo` });
    await using second = await openTestHouse({ modules: [context], database: house.database });
    expect((await second.app.inject(location)).json()['@context']).toEqual({
      cargo: `${BOAT}cargo`,
    });
  });

  test('it belongs to the tenant that put it there (5.5.10)', async () => {
    const location = await host({ cargo: `${BOAT}cargo` }, { 'ngsild-tenant': 'yinzhou' });
    const of = (tenant: string) => ({ 'ngsild-tenant': tenant });
    expect((await inject('GET', location, undefined, of('yinzhou'))).statusCode).toBe(200);
    expect((await inject('GET', location, undefined, of('cixi'))).statusCode).toBe(404);
    expect((await inject('GET', `${location}?details=true`)).statusCode).toBe(404);
    expect((await inject('DELETE', location, undefined, of('cixi'))).statusCode).toBe(404);
    expect((await inject('GET', SERVED, undefined, of('cixi'))).body).not.toContain(location);
    expect((await inject('GET', SERVED, undefined, of('yinzhou'))).body).toContain(location);
    expect((await inject('DELETE', location, undefined, of('yinzhou'))).statusCode).toBe(204);
  });

  test.each([
    ['not an object', '[1]', 'InvalidRequest'],
    ['not JSON', '{', 'InvalidRequest'],
    ['without a @context', { context: {} }, 'InvalidRequest'],
    ['a number', { '@context': 5 }, 'BadRequestData'],
    ['nothing', { '@context': null }, 'BadRequestData'],
    ['a list with a number', { '@context': [{ a: `${BOAT}a` }, 5] }, 'BadRequestData'],
    ['a term that is a number', { '@context': { a: 5 } }, 'BadRequestData'],
    ['terms in a ring', { '@context': { a: 'b:x', b: 'a:y' } }, 'BadRequestData'],
    [
      'a scoped context',
      { '@context': { a: { '@id': `${BOAT}a`, '@context': {} } } },
      'BadRequestData',
    ],
    ['no web address', { '@context': 'ftp://ningbo.example/boat' }, 'BadRequestData'],
  ])('%s is refused (5.5.4, 5.5.7)', async (_what, body, error) => {
    const answer = await inject('POST', SERVED, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().type).toBe(ERROR + error);
    expect(answer.json().title).not.toBe(answer.json().detail);
    expect(answer.headers['location']).toBeUndefined();
  });
});

describe('copies (5.13.1)', () => {
  test('a remote context is fetched once, listed as a copy and not served', async () => {
    const url = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
    expect(await write(url)).toBe(`${BOAT}cargo`);
    expect(await detailsOf(url)).toMatchObject({ URL: url, kind: 'Cached', numberOfHits: 1 });
    expect(await write(url)).toBe(`${BOAT}cargo`);
    expect(await detailsOf(url)).toMatchObject({ numberOfHits: 3 });
    expect(publisher.asked).toEqual(['/boat']);
    const served = await inject('GET', at(url));
    expect(served.statusCode).toBe(422);
    expect(served.json().type).toBe(`${ERROR}OperationNotSupported`);
  });

  test('it outlives its source, and a failed reload leaves it (5.13.5.4)', async () => {
    const url = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
    await write(url);
    publisher.documents.clear();
    await house.database.query("update context.contexts set expires_at = '2020-01-01T00:00:00Z'");
    const reload = await inject('DELETE', `${at(url)}?reload=true`);
    expect(reload.statusCode).toBe(504);
    expect(reload.json().type).toBe(`${ERROR}LdContextNotAvailable`);
    publisher.publish('/boat', 'no context');
    expect((await inject('DELETE', `${at(url)}?reload=true`)).statusCode).toBe(504);
    publisher.documents.clear();
    await using second = await openTestHouse({
      modules: [context],
      database: house.database,
      env: { EGRESS_ALLOW: '127.0.0.1' },
    });
    const link = `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
    const found = await second.app.inject({ url: `${DOOR}/types`, headers: { link } });
    expect(found.statusCode, found.body).toBe(200);
    expect((await inject('DELETE', at(url))).statusCode).toBe(204);
    expect((await inject('DELETE', at(url))).statusCode).toBe(404);
    expect(await write(url)).toEqual({ status: 504, type: `${ERROR}LdContextNotAvailable` });
  });

  test('a reload takes what is there now', async () => {
    const url = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
    await write(url);
    publisher.publish('/boat', { '@context': { cargo: `${BOAT}load` } });
    expect(await write(url)).toBe(`${BOAT}cargo`);
    expect((await inject('DELETE', `${at(url)}?reload=true`)).statusCode).toBe(204);
    expect(await write(url)).toBe(`${BOAT}load`);
  });

  test.each([
    ['unknown?reload=true', 400, 'BadRequestData'],
    ['unknown?reload=false', 404, 'ResourceNotFound'],
    ['unknown', 404, 'ResourceNotFound'],
    ['unknown?reload=perhaps', 400, 'BadRequestData'],
    ['unknown?depth=1', 400, 'InvalidRequest'],
  ])('DELETE %s answers %i', async (path, status, error) => {
    const answer = await inject('DELETE', `${SERVED}/${path}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().type).toBe(ERROR + error);
  });

  test('what is hosted cannot be loaded anew', async () => {
    const location = await host({});
    const answer = await inject('DELETE', `${location}?reload=true`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().type).toBe(`${ERROR}BadRequestData`);
  });

  test('the core context is there, is the newest, and stays', async () => {
    const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
    expect(await detailsOf(core)).toMatchObject({ kind: 'Cached' });
    expect((await inject('DELETE', `${at(core)}?reload=true`)).statusCode).toBe(204);
    expect((await inject('DELETE', at(core))).statusCode).toBe(400);
    expect((await inject('GET', at(core))).statusCode).toBe(422);
  });
});

describe('the list (5.13.3)', () => {
  test('by kind, as addresses or with details', async () => {
    const url = publisher.publish('/boat', { '@context': {} });
    await write(url);
    const location = await host({ cargo: `${BOAT}cargo` });
    const list = async (query: string) => (await inject('GET', SERVED + query)).json();
    expect(await list('')).toEqual([
      expect.stringContaining('core-context'),
      url,
      expect.stringContaining(location),
    ]);
    expect(await list('?kind=Hosted')).toEqual([expect.stringContaining(location)]);
    expect(await list('?kind=Cached&details=true')).toEqual([
      expect.objectContaining({ kind: 'Cached' }),
      expect.objectContaining({ kind: 'Cached', URL: url, expiresAt: expect.any(String) }),
    ]);
    expect(await list('?kind=ImplicitlyCreated&details=false')).toEqual([]);
    expect((await list('?kind=Other')).type).toBe(`${ERROR}BadRequestData`);
    expect((await list('?details=2')).type).toBe(`${ERROR}BadRequestData`);
  });
});

describe('what a context may be made of (JSON-LD 1.1; 5.5.6, 5.5.7)', () => {
  const remote = (path: string, inner: unknown) => publisher.publish(path, { '@context': inner });

  test.each<[string, () => unknown, unknown]>([
    [
      'a later part of a list has the last word',
      () => [{ cargo: `${BOAT}a` }, { cargo: `${BOAT}b` }],
      `${BOAT}b`,
    ],
    ['null forgets what came before', () => [{ cargo: `${BOAT}a` }, null, {}], 'cargo'],
    ['a prefix', () => ({ boat: BOAT, cargo: 'boat:cargo' }), `${BOAT}cargo`],
    [
      'a definition with a type',
      () => ({ cargo: { '@id': `${BOAT}c`, '@type': '@id' } }),
      `${BOAT}c`,
    ],
    ['a vocabulary', () => ({ '@vocab': BOAT }), `${BOAT}cargo`],
    ['a vocabulary by a prefix', () => [{ boat: BOAT }, { '@vocab': 'boat:x/' }], `${BOAT}x/cargo`],
    ['no vocabulary', () => [{ '@vocab': BOAT }, { '@vocab': null }], 'cargo'],
    [
      'the core context has the last word',
      () => ({ location: `${BOAT}l`, cargo: `${BOAT}c` }),
      `${BOAT}c`,
    ],
    ['one within another', () => remote('/a', remote('/b', { cargo: `${BOAT}in` })), `${BOAT}in`],
    [
      'one beside another',
      () => {
        remote('/in/b', { cargo: `${BOAT}beside` });
        return remote('/in/a', 'b');
      },
      `${BOAT}beside`,
    ],
    [
      'an import',
      () => ({ '@version': 1.1, '@import': remote('/i', { boat: BOAT }), cargo: 'boat:i' }),
      `${BOAT}i`,
    ],
    [
      'a ring of remote contexts',
      () => {
        const first = remote('/ring', ['ring2']);
        remote('/ring2', ['ring']);
        return first;
      },
      { status: 400, type: `${ERROR}BadRequestData` },
    ],
    [
      'one that is no JSON',
      () => publisher.publish('/x', '<html>'),
      { status: 400, type: `${ERROR}BadRequestData` },
    ],
    [
      'one without a @context',
      () => publisher.publish('/y', { a: 1 }),
      { status: 400, type: `${ERROR}BadRequestData` },
    ],
    [
      'one that is not there',
      () => remote('/z', {}).replace('/z', '/nowhere'),
      { status: 504, type: `${ERROR}LdContextNotAvailable` },
    ],
    [
      'one that nobody answers for',
      () => 'http://127.0.0.1:1/x',
      { status: 504, type: `${ERROR}LdContextNotAvailable` },
    ],
    [
      'one where no call may go',
      () => 'http://10.0.0.1/x',
      { status: 504, type: `${ERROR}LdContextNotAvailable` },
    ],
    [
      'a hundred levels',
      () => Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], {}),
      { status: 400, type: `${ERROR}BadRequestData` },
    ],
    [
      'a name of the language itself',
      () => ({ cargo: 'constructor', constructor: `${BOAT}c` }),
      `${BOAT}c`,
    ],
  ])('%s', async (_what, inner, kept) => {
    expect(await write(inner())).toEqual(kept);
  });
});

test('an answer in plain JSON names the context of the body, where one address is all of it (6.3.5)', async () => {
  const url = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
  const query = async (inner: unknown) =>
    inject(
      'POST',
      `${DOOR}/entityOperations/query`,
      { type: 'Query', entities: [{ type: 'Boat' }], '@context': inner },
      { 'content-type': 'application/ld+json' },
    );
  const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
  for (const inner of [url, [url], [url, core]])
    expect((await query(inner)).headers['link']).toContain(`<${url}>`);
  expect((await query([core])).headers['link']).toContain('core-context');
});

test('beside data stands the context that was asked by, with the core context where that is not in it (4.4, 6.3.6)', async () => {
  const core = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';
  const bare = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
  const compound = publisher.publish('/compound', { '@context': [bare, core] });
  const id = 'urn:ngsi-ld:Boat:shown';
  await inject('POST', `${DOOR}/entities`, { id, type: 'Boat' });
  const shown = async (url: string) => {
    const link = `<${url}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
    const headers = { link, accept: 'application/ld+json' };
    return (await inject('GET', `${DOOR}/entities/${id}`, undefined, headers)).json()['@context'];
  };
  expect(await shown(compound)).toBe(compound);
  expect(await shown(bare)).toEqual([bare, expect.stringContaining('core-context')]);
  expect(await shown(core)).toMatch(/core-context-v\d\.\d\.jsonld$/);
});

describe('contexts made for subscriptions (5.13.1)', () => {
  const subscribe = (inner: unknown, endpoint: object = {}) =>
    inject(
      'POST',
      `${DOOR}/subscriptions`,
      {
        type: 'Subscription',
        entities: [{ type: 'Boat' }],
        notification: { endpoint: { uri: 'http://127.0.0.1:1/told', ...endpoint } },
        '@context': inner,
      },
      { 'content-type': 'application/ld+json' },
    );

  test('a list gets an address, which names it, is served to receivers and goes with the subscription', async () => {
    const url = publisher.publish('/boat', { '@context': { cargo: `${BOAT}cargo` } });
    const inner = [url, { crew: `${BOAT}crew` }];
    const { headers, body } = await subscribe(inner);
    expect(body).toBe('');
    const { jsonldContext } = (await inject('GET', String(headers['location']))).json();
    const path = new URL(jsonldContext).pathname;
    expect((await inject('GET', path, undefined, { 'ngsild-tenant': 'cixi' })).json()).toEqual({
      '@context': inner,
    });
    expect(await write(jsonldContext, 'crew')).toBe(`${BOAT}crew`);
    expect(await detailsOf(path.split('/').at(-1)!)).toMatchObject({ kind: 'ImplicitlyCreated' });
    await inject('DELETE', String(headers['location']));
    expect((await inject('GET', path)).statusCode).toBe(404);
  });

  test('none is made where an address is there already, or the notification holds its context', async () => {
    const url = publisher.publish('/boat', { '@context': {} });
    for (const [inner, endpoint] of [
      [url, {}],
      [[url, 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld'], {}],
      [[url, { crew: `${BOAT}crew` }], { accept: 'application/ld+json' }],
    ] as const)
      expect((await subscribe(inner, endpoint)).statusCode).toBe(201);
    expect((await inject('GET', `${SERVED}?kind=ImplicitlyCreated`)).json()).toEqual([]);
  });
});
