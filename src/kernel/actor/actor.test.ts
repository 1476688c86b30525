import { expect, test } from 'vitest';
import { ANONYMOUS, isWithinScopes, narrowScopes } from './index.ts';

const limited = (...scopes: string[]) => ({ ...ANONYMOUS, scopes });

test('who has no limits is within them', () => {
  expect(isWithinScopes(ANONYMOUS, 'context.read')).toBe(true);
});

test('a scope is one action or a whole module, and nothing else', () => {
  expect(isWithinScopes(limited('context.read'), 'context.read')).toBe(true);
  expect(isWithinScopes(limited('context'), 'context.read')).toBe(true);
  expect(isWithinScopes(limited('context.read'), 'context.write')).toBe(false);
  expect(isWithinScopes(limited('context'), 'contexts.read')).toBe(false);
  expect(isWithinScopes(limited(), 'context.read')).toBe(false);
  expect(isWithinScopes(limited(''), 'context')).toBe(false);
});

test('two limits leave what both allow', () => {
  expect(narrowScopes(undefined, ['a'])).toEqual(['a']);
  expect(narrowScopes(['a'], undefined)).toEqual(['a']);
  expect(narrowScopes(['a', 'b.read'], ['a.read', 'b'])).toEqual(['b.read', 'a.read']);
  expect(narrowScopes(['a'], ['b'])).toEqual([]);
});
