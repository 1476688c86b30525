import { expect, test } from 'vitest';
import { coreNames } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import type { Operation } from '../operations.ts';
import { apply } from './apply.ts';
import { parseEntity } from './parse.ts';
import { presentEntity } from './present.ts';

const T0 = '2026-08-01T00:00:00.000Z';
const T1 = '2026-08-01T00:01:00.000Z';
const fragment = (json: object) =>
  parseEntity({ id: 'urn:a:1', type: 'T', ...json }, coreNames, { nulls: true, merges: true });
const shown = (state: Entity | undefined) =>
  state && presentEntity(state, { names: coreNames, as: 'concise' });
const start = (json: object): Entity =>
  apply(undefined, { kind: 'create', entity: fragment(json) }, T0).state!;
const then = (json: object, operation: Operation) => apply(start(json), operation, T1);
const head = { id: 'urn:a:1', type: 'T' };

test('a merge goes into values and sub-attributes, and null removes (clause 5.5.12)', () => {
  const { state } = then(
    {
      address: { value: { street: 'Main', city: 'Ningbo' } },
      speed: { value: 1, unitCode: 'KMH', accuracy: { value: 0.1 } },
      old: 1,
    },
    {
      kind: 'merge',
      entity: fragment({
        address: { value: { city: 'urn:ngsi-ld:null', zip: '315000' } },
        speed: { value: 2, accuracy: 'urn:ngsi-ld:null' },
        old: 'urn:ngsi-ld:null',
        fresh: true,
      }),
    },
  );
  expect(shown(state)).toEqual({
    ...head,
    address: { value: { street: 'Main', zip: '315000' } },
    speed: { value: 2, unitCode: 'KMH' },
    fresh: true,
  });
});

test('an append replaces unless it was asked to keep (clause 5.6.3)', () => {
  expect(shown(then({ a: 1 }, { kind: 'append', entity: fragment({ a: 2, b: 3 }) }).state)).toEqual(
    { ...head, a: 2, b: 3 },
  );
  const kept = then({ a: 1 }, { kind: 'append', keep: true, entity: fragment({ a: 2, b: 3 }) });
  expect(shown(kept.state)).toEqual({ ...head, a: 1, b: 3 });
  expect(kept.outcome).toMatchObject({
    done: 'updated',
    notUpdated: [{ name: coreNames.expand('a') }],
  });
});

test('an update replaces what is there and adds what is not (clause 5.6.2)', () => {
  const { state, outcome } = then({ a: 1 }, { kind: 'update', entity: fragment({ a: 2, b: 3 }) });
  expect(shown(state)).toEqual({ ...head, a: 2, b: 3 });
  expect(outcome).not.toHaveProperty('notUpdated');
});

test('a replacement keeps the day of birth and nothing else (clause 5.6.18)', () => {
  const { state, changed } = then({ a: 1, b: 2 }, { kind: 'replace', entity: fragment({ a: 9 }) });
  expect(shown(state)).toEqual({ ...head, a: 9 });
  expect(state).toMatchObject({ createdAt: T0, modifiedAt: T1 });
  expect([...changed].sort()).toEqual(['a', 'b'].map(coreNames.expand));
});

test('an attribute goes one dataset at a time, or altogether (clause 5.6.5)', () => {
  const both = {
    a: [
      { type: 'Property', value: 1 },
      { type: 'Property', value: 2, datasetId: 'urn:d:2' },
    ],
  };
  const name = coreNames.expand('a');
  expect(shown(then(both, { kind: 'delete-attribute', id: 'urn:a:1', name }).state)).toEqual({
    ...head,
    a: { value: 2, datasetId: 'urn:d:2' },
  });
  expect(
    shown(then(both, { kind: 'delete-attribute', id: 'urn:a:1', name, deleteAll: true }).state),
  ).toEqual(head);
  expect(
    then(both, { kind: 'delete-attribute', id: 'urn:a:1', name, datasetId: 'urn:d:3' }).outcome,
  ).toMatchObject({ done: 'refused', reason: 'attribute-not-found' });
});

test('nothing is done to an entity that is not there, unless it was to be made', () => {
  expect(apply(undefined, { kind: 'merge', entity: fragment({ a: 1 }) }, T1).outcome).toMatchObject(
    { reason: 'not-found' },
  );
  expect(
    apply(undefined, { kind: 'merge', entity: fragment({ a: 1 }), orCreate: true }, T1).outcome,
  ).toMatchObject({ done: 'created' });
  expect(apply(undefined, { kind: 'delete', id: 'urn:a:1' }, T1).outcome).toMatchObject({
    reason: 'not-found',
  });
});
