import { describe, expect, test } from 'vitest';
import { coreNames } from '../../jsonld/compile.ts';
import type { GeoQuestion } from '../../query/geo.ts';
import { parsePattern } from '../../query/pattern.ts';
import { parseTypes } from '../../query/type-selector.ts';
import { compileRegistration } from './compile.ts';
import { type Kept, toFullNames } from './full-names.ts';
import { idsWithin, matchOf } from './match.ts';
import type { Question } from './model.ts';

const registered = (more: object = {}) =>
  compileRegistration(
    toFullNames(
      {
        type: 'ContextSourceRegistration',
        endpoint: 'http://beilun.example/ngsi-ld/v1/',
        information: [
          { entities: [{ type: 'Bus', id: 'urn:bus:1' }], propertyNames: ['speed', 'heading'] },
          { entities: [{ type: 'Tram', idPattern: '^urn:tram:' }] },
        ],
        ...more,
      },
      coreNames,
    ) as Kept,
    '',
    'urn:source',
  );
const types = (text: string) => parseTypes(text, coreNames.expand)!;
const meets = (question: Partial<Question>, more: object = {}) =>
  matchOf(registered(more), { tenant: '', atMs: 0, ...question });

describe('a registration meets a request (clause 5.12)', () => {
  test('with those parts of it that the request is about', () => {
    expect(
      meets({ selectors: [{ types: types('Bus') }], attributes: [':speed', ':fuel'] })?.parts,
    ).toEqual([
      { index: 0, entities: [{ types: [':Bus'], id: 'urn:bus:1' }], attributes: [':speed'] },
    ]);
    const trams = meets({ selectors: [{ ids: ['urn:tram:7', 'urn:bus:2'] }] });
    expect(trams?.parts.map(({ index, attributes }) => [index, attributes])).toEqual([
      [1, undefined],
    ]);
    expect(idsWithin(trams!.parts[0]!, ['urn:tram:7', 'urn:bus:2'])).toEqual(['urn:tram:7']);
  });

  test.each<[string, Partial<Question>, number]>([
    ['everything', {}, 2],
    ['a type', { selectors: [{ types: types('Tram') }] }, 1],
    ['either type', { selectors: [{ types: types('Tram|Bus') }] }, 2],
    ['both types at once', { selectors: [{ types: types('(Tram;Bus)') }] }, 0],
    ['a pattern that its id meets', { selectors: [{ idPattern: parsePattern('bus') }] }, 2],
    ['a pattern that its id does not meet', { selectors: [{ idPattern: parsePattern('car') }] }, 1],
    ['an attribute that it has not', { attributes: [':fuel'] }, 1],
    ['one of several selectors', { selectors: [{ ids: ['urn:x:1'] }, { ids: ['urn:bus:1'] }] }, 1],
    ['an operation that it offers', { operation: 'queryEntity' }, 2],
    ['an operation that it does not offer', { operation: 'createEntity' }, 0],
    ['a source that it went through', { seen: new Set(['beilun']) }, 0],
    ['another dataset', { datasets: ['urn:other'] }, 0],
    ['one of its datasets', { datasets: ['urn:other', 'urn:own'] }, 2],
  ])('asked for %s', (_what, question, parts) => {
    const more = { contextSourceAlias: 'beilun', datasetId: ['urn:own'] };
    expect(meets(question, more)?.parts.length ?? 0).toBe(parts);
  });

  test('until its time is over', () => {
    const more = { expiresAt: '2026-01-01T00:00:00Z' };
    const end = Date.parse(more.expiresAt);
    expect(meets({ atMs: end - 1 }, more)).toBeDefined();
    expect(meets({ atMs: end }, more)).toBeUndefined();
  });

  test('a place that it does not name is no reason to leave it out, unless it is looked for by its place', () => {
    const geo: GeoQuestion = {
      relation: 'near',
      bound: 'maxDistance',
      meters: 100,
      property: coreNames.expand('location'),
      reference: { type: 'Point', coordinates: [121.5, 29.8] },
    };
    expect(meets({ geo })).toBeDefined();
    expect(matchOf(registered(), { tenant: '', atMs: 0, geo }, true)).toBeUndefined();
    expect(meets({ geo }, { location: { type: 'Point', coordinates: [120, 30] } })).toBeUndefined();
  });
});

test('an endpoint is the root of the source, however it is written', () => {
  for (const endpoint of ['http://a.example', 'http://a.example//', 'http://a.example/ngsi-ld/v1'])
    expect(registered({ endpoint }).endpoint).toBe('http://a.example');
  expect(registered({ endpoint: 'http://a.example/broker/' }).endpoint).toBe(
    'http://a.example/broker',
  );
});

test('operations are single or by groups (clause 4.20)', () => {
  const of = (operations: string[]) => registered({ operations }).operations;
  expect([...of(['retrieveOps', 'createBatch'])]).toEqual([
    'retrieveEntity',
    'queryEntity',
    'createBatch',
  ]);
  expect(registered().operations.has('retrieveEntityMap')).toBe(true);
  expect(of(['associationOps']).has('retrieveEntityMap')).toBe(false);
  expect([...registered({ mode: 'auxiliary' }).operations]).toEqual([
    'retrieveEntity',
    'queryEntity',
  ]);
});
