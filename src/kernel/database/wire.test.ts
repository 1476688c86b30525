import { array, assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { inspect, join, message, openReader, simpleQuery, sync } from './wire.ts';

const none = new Uint8Array(0);
const startup = new Uint8Array([0, 0, 0, 8, 0, 3, 0, 0]);
const execute = message('E', new Uint8Array(5));
const complete = message('C', new TextEncoder().encode('SELECT 0\0'));
const ready = message('Z', new TextEncoder().encode('I'));
const batch = { bytes: none, expected: 1, synced: true };

it('cuts the same batches however the bytes arrive', () => {
  const conversation = join([
    startup,
    simpleQuery('begin'),
    message('P', none),
    message('B', none),
    execute,
    sync(),
    simpleQuery('commit'),
  ]);
  assert(
    property(array(integer({ min: 0, max: conversation.length })), (places) => {
      const read = openReader();
      const cuts = [0, ...places.toSorted((a, b) => a - b), conversation.length];
      const batches = cuts.flatMap(
        (cut, i) => read(conversation.slice(cuts[i - 1] ?? 0, cut)).batches,
      );
      expect(batches.map((b) => b.expected)).toEqual([1, 1, 1]);
      expect(join([startup, ...batches.map((b) => b.bytes)])).toEqual(conversation);
    }),
  );
});

it('says no to encryption and then starts', () => {
  const read = openReader();
  expect(read(new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47])).greeting).toEqual(new Uint8Array([78]));
  expect(read(startup).greeting).toEqual(none);
});

it('an answer with a command tag is whole', () => {
  expect(inspect(join([complete, ready]), batch)).toMatchObject({ whole: true, idle: true });
});

it('rows without a command tag are no answer', () => {
  expect(inspect(join([message('T', none), ready]), batch).whole).toBe(false);
  expect(inspect(ready, batch).whole).toBe(false);
  expect(inspect(none, batch).whole).toBe(false);
});

it('an error is an answer', () => {
  expect(inspect(join([message('E', none), ready]), batch).whole).toBe(true);
});

it('says once that it is ready', () => {
  const failed = message('E', none);
  expect(inspect(join([failed, ready, ready]), batch).told).toEqual(join([failed, ready]));
  expect(inspect(join([complete, ready]), batch).told).toEqual(join([complete, ready]));
});
