import { expect, test } from 'vitest';
import { ANONYMOUS, type Actor, type Role } from '#kernel/actor';
import { defineModule, port } from '#kernel/module';
import policyModule from './module.ts';
import { openRights } from './rights.ts';

const depot = defineModule({
  provides: port<object>()('depot'),
  title: { zh: '车场', en: 'Depot' },
  plan: {},
  uses: [],
  events: {},
  actions: {
    'depot.park': { title: { zh: '停车', en: 'Park' }, grant: ['device', 'operator'] },
    'depot.build': { title: { zh: '建设', en: 'Build' }, grant: ['developer'] },
  },
  setup: () => ({ api: {} }),
});
const modules = [policyModule, depot];
const rights = openRights({ manifests: modules, isEmergency: ({ id }) => id === 'firefighter' });
const actor = (...roles: Role[]): Actor => ({ kind: 'person', id: 'p', name: 'P', roles });
const { allows, decide } = rights;

test('a role that is granted the action allows it, and the answer says why', () => {
  expect(allows(ANONYMOUS, 'house.describe')).toBe(true);
  expect(decide({ actor: actor('anyone', 'operator'), action: 'house.measure' })).toEqual({
    allowed: true,
    because: ['house/role-operator'],
  });
});

test('everything else is denied', () => {
  expect(allows(ANONYMOUS, 'house.measure')).toBe(false);
  expect(allows(actor('person', 'developer'), 'policy.see-rights')).toBe(false);
  expect(allows(actor(), 'house.describe')).toBe(false);
});

test('an administrator may do every declared action, and nobody an undeclared one', () => {
  for (const { id } of rights.actions) expect(allows(actor('administrator'), id)).toBe(true);
  for (const id of ['policy.rule-the-world', 'toString', 'see'])
    expect(allows(actor('administrator'), id)).toBe(false);
});

test('each manifest grant, and nothing but it, is what Cedar answers for each role', () => {
  for (const { id, grant } of rights.actions)
    for (const role of ['anyone', 'person', 'developer', 'device', 'operator'] as const)
      expect(allows(actor(role), id), `${role} ${id}`).toBe(grant.includes(role));
});

test("a token's scopes narrow what its roles allow: to an action, or to a module", () => {
  const operator = { ...actor('operator'), kind: 'application' } as const;
  expect(allows({ ...operator, scopes: ['house.measure'] }, 'house.measure')).toBe(true);
  expect(allows({ ...operator, scopes: ['house.measure'] }, 'house.operate')).toBe(false);
  expect(allows({ ...operator, scopes: ['house'] }, 'house.operate')).toBe(true);
  expect(allows({ ...operator, scopes: [] }, 'house.operate')).toBe(false);
});

test('personal facts are seen by their owner, by staff for a purpose, and in an emergency', () => {
  const phone = { type: 'Person', attribute: 'phone', sensitivity: 'personal' } as const;
  const none = { ...phone, relation: 'none' } as const;
  const staff = { ...actor('person'), assurance: 'staff' } as const;
  expect(rights.sees(ANONYMOUS, none)).toBe(false);
  expect(rights.sees(actor('administrator'), none)).toBe(false);
  expect(rights.sees(staff, none)).toBe(false);
  expect(rights.sees({ ...staff, purpose: 'statistics' }, none)).toBe(false);
  expect(rights.sees({ ...staff, purpose: 'care' }, none)).toBe(true);
  expect(rights.sees(actor('person'), { ...phone, relation: 'own' })).toBe(true);
  expect(rights.sees({ ...actor('person'), id: 'firefighter' }, none)).toBe(true);
});

test('a change of texts is in force at once, and one that does not hold changes nothing', () => {
  const own = openRights({ manifests: modules, isEmergency: () => false });
  expect(own.allows(actor('operator'), 'house.measure')).toBe(true);
  const text = `@id("no-measuring") @zh("不得读取") @en("No measuring")
    forbid (principal in Role::"operator", action == Action::"house.measure", resource);`;
  own.replace(new Map([['house', text]]));
  expect(own.decide({ actor: actor('operator'), action: 'house.measure' })).toEqual({
    allowed: false,
    because: ['house/no-measuring'],
  });
  for (const [wrong, why] of [
    ['permit (principal, action', /Line 1/],
    ['permit (principal, action, resource);', /no @id/],
    ['@id("x") permit (principal, action, resource);', /lacks @zh/],
    ['@id("role-x") @zh("x") @en("x") permit (principal, action, resource);', /kept for/],
    [
      '@id("x") @zh("x") @en("x") permit (principal, action == Action::"house.fly", resource);',
      /fly/,
    ],
    [
      '@id("x") @zh("x") @en("x") permit (principal, action, resource) when { principal.age > 3 };',
      /age/,
    ],
    [
      '@id("x") @zh("x") @en("x") permit (principal, action, resource) when { context == context };',
      /by its name/,
    ],
  ] as const)
    expect(() => own.replace(new Map([['house', wrong]])), wrong).toThrow(why);
  expect(own.allows(actor('operator'), 'house.measure')).toBe(false);
});

test('what fails while it is decided is denied, whoever permits it', () => {
  const own = openRights({ manifests: modules, isEmergency: () => false });
  const text = `@id("all") @zh("都可") @en("All") permit (principal, action, resource);
    @id("odd") @zh("出错") @en("Fails") forbid (principal, action, resource)
    when { principal.posts.contains("a@b") && 9223372036854775807 + 1 == 0 };`;
  own.replace(new Map([['house', text]]));
  expect(own.allows(actor('anyone'), 'house.describe')).toBe(true);
  const failing = { ...actor('anyone'), bodies: [{ body: 'b', post: 'a' }] };
  expect(own.decide({ actor: failing, action: 'house.describe' })).toEqual({
    allowed: false,
    because: ['house/odd'],
  });
});
