import { expect, it } from 'vitest';
import { preparedName } from './prepared.ts';

it('names what is asked for the third time, always the same', () => {
  expect([preparedName('a'), preparedName('a'), preparedName('b')]).toEqual(
    Array(3).fill(undefined),
  );
  const name = preparedName('a');
  expect(name).toMatch(/^context-asked-/);
  expect(preparedName('a')).toBe(name);
  expect(preparedName('b')).toBeUndefined();
  expect(preparedName('b')).not.toBe(name);
});

it('gives no more names than a connection can keep plans, and remembers no end of texts', () => {
  const named = new Set<string>();
  for (let n = 0; n < 2_000; n++) preparedName(`once ${n}`);
  for (let n = 0; n < 100; n++)
    for (let times = 0; times < 4; times++) {
      const name = preparedName(`often ${n}`);
      if (name !== undefined) named.add(name);
    }
  expect(named.size).toBeLessThanOrEqual(40);
});
