import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR } from './cases.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Asked = {
  readonly method: string;
  /** Below `/ngsi-ld/v1`, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
};
/** A status, or a status and a body; a text stands for itself. `never` lets the caller wait. */
type Answer = number | 'never' | readonly [status: number, body: unknown];

/** A county's platform as the wire shows it: it records what it is asked and answers what the test says. */
export const openSource = async () => {
  const asked: Asked[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '/', 'http://source');
    const path = url.pathname.replace(/^\/ngsi-ld\/v1/, '').replace(/\/$/, '');
    const method = request.method ?? '';
    asked.push({
      method,
      path,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    });
    const answer = answers.get(`${method} ${path}`) ?? 404;
    if (answer === 'never') return;
    const [status, body] = typeof answer === 'number' ? [answer, undefined] : answer;
    reply.writeHead(status, { 'content-type': 'application/json' });
    reply.end(
      body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    on: (method: Method, path: string, answer: Answer) => {
      answers.set(`${method} ${path}`, answer);
    },
    reset: () => {
      asked.length = 0;
      answers.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
export type Source = Awaited<ReturnType<typeof openSource>>;

export const LAMP = 'urn:ngsi-ld:Streetlight:beilun:1';
const EVERYTHING = [
  'redirectionOps',
  'queryBatch',
  'createBatch',
  'upsertBatch',
  'updateBatch',
  'mergeBatch',
  'deleteBatch',
];

/** The city with two counties beside it, nothing registered and nothing held before each test. */
export const standCity = () => {
  let house: House;
  let beilun: Source;
  let cixi: Source;
  beforeAll(async () => {
    [beilun, cixi] = await Promise.all([openSource(), openSource()]);
    house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  }, 120_000);
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    await beilun?.close();
    await cixi?.close();
  });

  const ask = (
    method: Method,
    path: string,
    payload?: object,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    house.app.inject({
      method,
      url: DOOR + path,
      headers: payload ? { 'content-type': 'application/json', ...headers } : headers,
      ...(payload ? { payload: JSON.stringify(payload) } : {}),
    });

  let registered = 0;
  beforeEach(async () => {
    for (const { id } of await house.database.query<{ id: string }>(
      'select id from context.registrations',
    ))
      await ask('DELETE', `/csourceRegistrations/${id}`);
    await house.database.query('truncate context.entities, context.history');
    beilun.reset();
    cixi.reset();
  });

  return {
    ask,
    get beilun() {
      return beilun;
    },
    get cixi() {
      return cixi;
    },
    /** Registers a source for streetlights unless it says otherwise; answers the id. */
    register: async (source: { readonly url: string }, more: object = {}): Promise<string> => {
      registered += 1;
      const id = `urn:ngsi-ld:ContextSourceRegistration:${registered}`;
      const made = await ask('POST', '/csourceRegistrations', {
        id,
        type: 'ContextSourceRegistration',
        endpoint: source.url,
        operations: EVERYTHING,
        information: [{ entities: [{ type: 'Streetlight' }] }],
        ...more,
      });
      expect(made.statusCode, made.body).toBe(201);
      return id;
    },
    /** Makes an entity here alone. */
    hold: async (entity: object) => {
      const made = await ask('POST', '/entities?local=true', entity);
      expect(made.statusCode, made.body).toBe(201);
    },
    /** What is here of it alone: the attributes, or the status where it is not here. */
    held: async (id: string = LAMP) => {
      const answer = await ask('GET', `/entities/${id}?local=true&options=simplified`);
      return answer.statusCode === 200 ? answer.json() : answer.statusCode;
    },
  };
};

/** A streetlight with these attributes, each a Property. */
export const lamp = (attributes: Readonly<Record<string, unknown>>, id: string = LAMP) => ({
  id,
  type: 'Streetlight',
  ...Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { type: 'Property', value }]),
  ),
});

/** Only this entity, and of it only these attributes. */
export const alone = (propertyNames: readonly string[], id: string = LAMP) => ({
  information: [{ entities: [{ type: 'Streetlight', id }], propertyNames }],
});
