import { expect, test } from 'vitest';
import { ANONYMOUS, type Actor, type Role } from '#kernel/actor';
import { listActions, openGrants } from './grants.ts';
import policyModule from './module.ts';

const actions = listActions([policyModule]);
const allows = openGrants(actions);
const actor = (...roles: Role[]): Actor => ({ kind: 'person', id: 'p', name: 'P', roles });

test('a role that is granted the action allows it', () => {
  expect(allows(ANONYMOUS, 'house.describe')).toBe(true);
  expect(allows(actor('anyone', 'operator'), 'house.measure')).toBe(true);
});

test('everything else is denied', () => {
  expect(allows(ANONYMOUS, 'house.measure')).toBe(false);
  expect(allows(actor('person', 'developer'), 'policy.see-rights')).toBe(false);
  expect(allows(actor(), 'house.describe')).toBe(false);
});

test('an administrator may do every declared action, and nobody an undeclared one', () => {
  for (const { id } of actions) expect(allows(actor('administrator'), id)).toBe(true);
  expect(allows(actor('administrator'), 'policy.rule-the-world')).toBe(false);
  expect(allows(actor('administrator'), 'toString')).toBe(false);
});
