import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestCity } from './city.ts';

type Parameter = { name: string; in: string; required?: boolean; schema?: object };
type Operation = {
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: object }> };
  responses: Record<string, { description?: string; content?: object }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: object; securitySchemes?: object };
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];
/** Routes that take a body, whatever it is, in the words of a standard or as a stream. */
const READS_ITSELF = [/^\/ngsi-ld\//, /^\/api\/house\/imports\//, /^\/api\/sensing\/readings$/];

/** A new try and a new secret are asked for by their address alone. */
const ASKED_BY_ADDRESS = /\/(?:attempts|credentials)$/;

let house: House;
let document: Document;
beforeAll(async () => {
  house = await openTestCity({ AUTH: 'on' });
  document = (await house.app.inject('/openapi.json')).json();
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const named = (some: ReturnType<typeof operations>) =>
  some.map(({ path, method }) => `${method} ${path}`);

test('the document is OpenAPI 3.1 as its schema requires', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  for (const path of Object.keys(document.paths)) expect(path).toMatch(/^\//);
  for (const { path, method, operation } of operations()) {
    expect(METHODS, path).toContain(method);
    expect(Object.keys(operation.responses).length, path).toBeGreaterThan(0);
    for (const [code, answer] of Object.entries(operation.responses)) {
      expect(code, path).toMatch(/^(?:[1-5](?:\d\d|XX)|default)$/);
      expect(answer.description, path).toEqual(expect.any(String));
    }
    for (const parameter of operation.parameters ?? []) {
      expect(['query', 'header', 'path', 'cookie'], path).toContain(parameter.in);
      expect(parameter.schema, `${path} ${parameter.name}`).toBeTypeOf('object');
      if (parameter.in === 'path') expect(parameter.required, path).toBe(true);
    }
  }
});

test('every {name} of a path is described, and every path parameter is in its path', () => {
  for (const { path, method, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const described = (operation.parameters ?? [])
      .filter((p) => p.in === 'path')
      .map((p) => p.name);
    expect(described.sort(), `${method} ${path}`).toEqual(inPath);
  }
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  for (const [, pointer = ''] of references) {
    const target = pointer
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
    expect(target, pointer).toBeDefined();
  }
});

test('every operation says what it is for and which module answers', () => {
  const unsaid = operations().filter((o) => !o.operation.summary || !o.operation.tags?.length);
  expect(named(unsaid)).toEqual([]);
});

test('whatever takes a body of ours says what it may hold', () => {
  const bodied = operations().filter(
    ({ path, method }) =>
      ['post', 'put', 'patch'].includes(method) && !READS_ITSELF.some((own) => own.test(path)),
  );
  const wordless = bodied.filter(({ operation }) => !operation.requestBody);
  expect(named(wordless).filter((name) => !ASKED_BY_ADDRESS.test(name))).toEqual([]);
});

test('the operations are known: a change shows here', async () => {
  const rows = operations().map(({ path, method, operation: o }) => {
    const query = (o.parameters ?? []).filter((p) => p.in === 'query').map((p) => p.name);
    return [
      method.toUpperCase(),
      path,
      o.tags?.join(','),
      o.requestBody ? `body ${Object.keys(o.requestBody.content).join(' ')}` : '',
      query.length > 0 ? `?${query.join('&')}` : '',
      Object.keys(o.responses).join(' '),
    ].join('\t');
  });
  await expect(`${rows.toSorted().join('\n')}\n`).toMatchFileSnapshot('snapshots/openapi.tsv');
});
