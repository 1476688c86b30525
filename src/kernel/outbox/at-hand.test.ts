import { expect, test } from 'vitest';
import { openAtHand } from './at-hand.ts';
import type { EventText } from './events.ts';

const AT = '2026-08-01T00:00:00.000Z';
const event = (n: number): EventText => ({
  tenant: '',
  type: 't',
  key: `k${n}`,
  data: JSON.stringify({ n }),
  head: { n },
});
const run = (first: number, last: number) => ({
  first,
  at: AT,
  events: Array.from({ length: last - first + 1 }, (_, i) => event(first + i)),
});
const numbers = (events: readonly { seq: number }[] | undefined) => events?.map(({ seq }) => seq);

test('what follows a place is handed over whole, in order, over several commits', () => {
  const atHand = openAtHand();
  atHand.passed('c', 10);
  atHand.add(run(11, 12));
  atHand.add(run(13, 15));
  expect(numbers(atHand.after(10, 100))).toEqual([11, 12, 13, 14, 15]);
  expect(numbers(atHand.after(11, 3))).toEqual([12, 13, 14]);
  expect(atHand.after(15, 100)).toEqual([]);
  expect(atHand.after(12, 1)).toEqual([
    { seq: 13, at: AT, tenant: '', type: 't', key: 'k13', head: { n: 13 }, data: { n: 13 } },
  ]);
});

test('where another process committed in between, the database is to be asked', () => {
  const atHand = openAtHand();
  atHand.passed('c', 10);
  atHand.add(run(11, 12));
  atHand.add(run(15, 16));
  expect(numbers(atHand.after(10, 100))).toEqual([11, 12]);
  expect(atHand.after(12, 100)).toBeUndefined();
  expect(numbers(atHand.after(14, 100))).toEqual([15, 16]);
});

test('answers that come in another order than their commits are put in order', () => {
  const atHand = openAtHand();
  atHand.passed('c', 0);
  atHand.add(run(4, 6));
  expect(atHand.after(0, 100)).toBeUndefined();
  atHand.add(run(1, 3));
  expect(numbers(atHand.after(0, 100))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('what all have passed is dropped, what the slowest still wants is kept', () => {
  const atHand = openAtHand();
  atHand.passed('quick', 0);
  atHand.passed('slow', 0);
  atHand.add(run(1, 2));
  atHand.add(run(3, 4));
  atHand.passed('quick', 4);
  expect(numbers(atHand.after(0, 100))).toEqual([1, 2, 3, 4]);
  atHand.passed('slow', 2);
  expect(atHand.after(0, 100)).toBeUndefined();
  expect(numbers(atHand.after(2, 100))).toEqual([3, 4]);
  atHand.passed('slow', undefined);
  expect(atHand.after(2, 100)).toEqual([]);
});

test('nothing is kept where nobody reads, nor more than there is room for', () => {
  const nobody = openAtHand();
  nobody.add(run(1, 2));
  nobody.passed('c', 0);
  expect(nobody.after(0, 100)).toEqual([]);

  const small = openAtHand(20);
  small.passed('c', 0);
  for (let n = 1; n <= 10; n++) small.add(run(n, n));
  expect(small.after(0, 100)).toBeUndefined();
  expect(numbers(small.after(8, 100))).toEqual([9, 10]);
});
