import { expect } from 'vitest';
import type { House } from '#kernel/boot';

export const DOOR = '/ngsi-ld/v1';
export const ERROR = 'https://uri.etsi.org/ngsi-ld/errors/';
export const VOCABULARY = 'https://uri.etsi.org/ngsi-ld/default-context/';
export const LINK =
  '<https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** One requirement of the standard: what is there, what is asked, what is answered, and what is there then. */
export type Case = {
  /** The clause of ETSI GS CIM 009 and what it asks. */
  readonly is: string;
  readonly given?: readonly object[];
  readonly ask: readonly [Method, string, unknown?];
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Problem type, without its namespace. */
  readonly error?: string;
  readonly body?: unknown;
  readonly answers?: Readonly<Record<string, unknown>>;
  /** What this path answers afterwards: a body, or a status. */
  readonly leaves?: readonly [string, unknown];
};

const url = (path: string) => (path.startsWith('/') ? DOOR + path : `${DOOR}/entities/${path}`);

/** Runs one case on an empty house. */
export const run = async (
  house: House,
  { is, given = [], ask, headers = {}, status, ...want }: Case,
) => {
  await house.database.query('truncate context.entities, context.history');
  for (const entity of given) {
    const made = await house.app.inject({ method: 'POST', url: url('/entities'), payload: entity });
    expect(made.statusCode, made.body).toBe(201);
  }
  const [method, path, payload] = ask;
  const answer = await house.app.inject({
    method,
    url: url(path),
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined
      ? {}
      : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  });
  expect(answer.statusCode, `${is}: ${answer.body}`).toBe(status);
  if (want.error) {
    expect(answer.json(), is).toMatchObject({
      type: ERROR + want.error,
      title: expect.any(String),
    });
    expect(answer.headers['content-type'], is).toMatch(/^application\/json/);
    expect(answer.headers['link'], is).toBeUndefined();
  }
  if ('body' in want) expect(answer.body === '' ? '' : answer.json(), is).toEqual(want.body);
  for (const [name, value] of Object.entries(want.answers ?? {}))
    expect(answer.headers[name], `${is}: ${name}`).toEqual(value);
  if (status === 204) expect(answer.headers['content-length'], is).toBeUndefined();
  if (!want.leaves) return;
  const [there, known] = want.leaves;
  const now = await house.app.inject(url(there));
  if (typeof known === 'number') expect(now.statusCode, is).toBe(known);
  else expect(now.json(), is).toEqual(known);
};
