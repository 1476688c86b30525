import { expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

function fakeClock() {
  const runs: (() => void)[] = [];
  return {
    runs,
    set: (run: () => void) => runs.push(run),
    clear: (timer: unknown) => void delete runs[(timer as number) - 1],
    tick: () => runs.splice(0).forEach((run) => run?.()),
  };
}
type Change = { id: string; n: number };
const options = { everyMs: 500, keysMax: 3, key: (c: Change) => c.id };

test('a thing that changes ten times between two looks is shown once, as it is now', () => {
  const clock = fakeClock();
  const seen: Change[][] = [];
  const changes = coalesce<Change>(options, (items) => seen.push(items), clock);
  for (let n = 0; n < 10; n++) changes.add({ id: 'bus', n });
  changes.add({ id: 'ship', n: 1 });
  expect(seen).toEqual([]);
  clock.tick();
  expect(seen).toEqual([
    [
      { id: 'bus', n: 9 },
      { id: 'ship', n: 1 },
    ],
  ]);
});

test('a flood is handed on without waiting', () => {
  const clock = fakeClock();
  const seen: Change[][] = [];
  const changes = coalesce<Change>(options, (items) => seen.push(items), clock);
  for (const id of ['a', 'b', 'c', 'd']) changes.add({ id, n: 0 });
  expect(seen.map((batch) => batch.length)).toEqual([3]);
  clock.tick();
  expect(seen.map((batch) => batch.length)).toEqual([3, 1]);
});

test('nothing is handed on after the end', () => {
  const clock = fakeClock();
  const seen: Change[][] = [];
  const changes = coalesce<Change>(options, (items) => seen.push(items), clock);
  changes.add({ id: 'a', n: 0 });
  changes.stop();
  clock.tick();
  expect(seen).toEqual([]);
});
