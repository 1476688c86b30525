import type { Actor, Role } from '../src/kernel/actor/index.ts';
import { modules } from '../src/apps/house.ts';
import { partyOf } from '../src/platform/policy/cedar/actor.ts';
import { type Call, openEngine } from '../src/platform/policy/cedar/engine.ts';
import { parsePolicies } from '../src/platform/policy/cedar/parse.ts';
import { schemaOf } from '../src/platform/policy/cedar/schema.ts';
import { openRights } from '../src/platform/policy/rights.ts';
import type { Bench } from './row.ts';

const SECONDS = 3;
const WARM_UP = 5_000;
const POLICIES = 60;

const perSecond = (ask: (n: number) => unknown): number => {
  for (let n = 0; n < WARM_UP; n++) ask(n);
  const began = performance.now();
  let asked = 0;
  while (performance.now() - began < SECONDS * 1000) for (let n = 0; n < 100; n++) ask(asked++);
  return asked / ((performance.now() - began) / 1000);
};

const person = (...roles: Role[]): Actor => ({
  kind: 'person',
  id: 'wang',
  name: 'Wang',
  roles: ['anyone', 'person', ...roles],
  assurance: 'staff',
  bodies: [{ body: 'traffic', post: 'head' }],
});

/** Rights as a city writes them: by role and action, some with a condition on whose the thing is or what it is for. */
const policyOf = (n: number, about: string): string => {
  const conditions = [
    '',
    'when { resource.owner == principal.id }',
    'when { principal.assurance == "staff" && context.purpose == "service" }',
    'when { resource.sensitivity != "personal" }',
  ];
  return `@id("p-${n}") @zh("第 ${n} 条") @en("No ${n}")
    ${n % 10 === 9 ? 'forbid' : 'permit'} (principal in Role::"role-${n % 12}", action == Action::"${about}", resource)
    ${conditions[n % conditions.length]};`;
};

export const bench: Bench = async (report) => {
  const actions = Array.from({ length: POLICIES }, (_, n) => `city.act-${n}`);
  const schema = schemaOf(actions);
  const groups = new Map(actions.map((id) => [id, []]));
  const open = (name: string, about: (n: number) => string) =>
    openEngine({
      schema,
      actions: groups,
      name,
      policies: parsePolicies('city', actions.map((_, n) => policyOf(n, about(n))).join('\n')),
    });
  const call = (action: string): Call => ({
    principal: {
      ...partyOf(person()),
      parents: ['anyone', 'person', 'role-7'].map((id) => ({ type: 'Role', id })),
    },
    action,
    resource: {
      uid: { type: 'Thing', id: 'accounts/1' },
      attributes: { kind: 'accounts', owner: 'wang', body: '', sensitivity: 'public', tenant: '' },
    },
    context: { purpose: 'service', tenant: '', emergency: false },
  });

  const together = open('bench-together', () => actions[0]!);
  report({
    metric: `${POLICIES} policies, all of them evaluated`,
    value: perSecond(() => together.decide(call(actions[0]!))),
    unit: 'decisions/s',
  });
  const sliced = open('bench-sliced', (n) => actions[n]!);
  report({
    metric: `${POLICIES} policies, sliced by action`,
    value: perSecond((n) => sliced.decide(call(actions[n % POLICIES]!))),
    unit: 'decisions/s',
  });

  const rights = openRights({ manifests: modules, isEmergency: () => false });
  const ids = rights.actions.map(({ id }) => id);
  const thing = { kind: 'accounts', id: '1', owner: 'wang' };
  report({
    metric: `the house's own ${rights.policies().length} policies, of a thing`,
    value: perSecond((n) =>
      rights.decide({ actor: person('operator'), action: ids[n % ids.length]!, resource: thing }),
    ),
    unit: 'decisions/s',
  });
  const operator = person('operator');
  report({
    metric: 'the same for a route, as each request asks',
    value: perSecond((n) => rights.allows(operator, ids[n % ids.length]!)),
    unit: 'decisions/s',
  });
};
