import type { Actor, Role } from '../src/kernel/actor/index.ts';
import { modules } from '../src/apps/house.ts';
import { openTestDatabase } from '../src/kernel/database/index.ts';
import { defineModule, port } from '../src/kernel/module/index.ts';
import type { Context } from '../src/platform/context/index.ts';
import context from '../src/platform/context/module.ts';
import { openTestHouse } from '../test/house.ts';
import { entity } from './entities.ts';
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

const ENTITIES = 20_000;
const BATCH = 500;
const QUESTIONS = 400;
const STRANGER: Actor = { kind: 'anonymous', id: 'anonymous', name: '', roles: ['anyone'] };

/** A module that hides something of people from strangers; the entities asked for are of another type. */
const people = defineModule({
  provides: port<object>()('people'),
  title: { zh: '人', en: 'People' },
  plan: {},
  uses: [],
  events: {},
  actions: {},
  sensitive: {
    Person: {
      whole: 'personal',
      attributes: { telephone: 'personal', address: 'restricted' },
      owners: ['owner'],
    },
  },
  setup: () => ({ api: {} }),
});

/** What sight costs whoever asks for what nobody hides: one database, a house that hides something and one that does not. */
const benchSight = async (report: Parameters<Bench>[0]) => {
  await using database = await openTestDatabase();
  await using free = await openTestHouse({ modules: [context], database, actor: STRANGER });
  await using hiding = await openTestHouse({
    modules: [context, people],
    database,
    actor: STRANGER,
  });
  const { write, toFragment } = free.apis['context'] as Context;
  for (let from = 0; from < ENTITIES; from += BATCH)
    await write(
      Array.from({ length: BATCH }, (_, n) => ({
        kind: 'create',
        entity: toFragment(entity(from + n)),
      })),
    );
  await database.query('analyze');
  for (const [metric, urlOf] of [
    [
      'GET /entities by type and q, 20 results',
      (n) => `/entities?type=AirQualityObserved&q=reading>50&offset=${n % 100}`,
    ],
    ['GET /entities/{id}', (n) => `/entities/${entity((n * 37) % ENTITIES).id}`],
  ] as readonly [string, (n: number) => string][]) {
    const spent = [0, 0];
    // In turn, so that what else the machine does meets both.
    for (let n = 0; n < QUESTIONS; n++)
      for (const [way, house] of [free, hiding].entries()) {
        const began = performance.now();
        const { statusCode } = await house.app.inject({ url: `/ngsi-ld/v1${urlOf(n)}` });
        if (statusCode !== 200) throw new Error(`${metric} answered ${statusCode}`);
        if (n >= QUESTIONS / 10) spent[way]! += performance.now() - began;
      }
    const [open, hidden] = spent as [number, number];
    report({
      metric: `${metric}, something hidden elsewhere`,
      value: hidden / (QUESTIONS * 0.9),
      unit: 'ms',
      against: 'the same with nothing hidden',
      ratio: hidden / open,
    });
  }
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
    metric: `${POLICIES} policies about one action, of twelve roles`,
    value: perSecond(() => together.decide(call(actions[0]!))),
    unit: 'decisions/s',
  });
  const spread = open('bench-spread', () => actions[0]!);
  const everyRole = Array.from({ length: 12 }, (_, n) => ({ type: 'Role', id: `role-${n}` }));
  report({
    metric: `${POLICIES} policies about one action, by one of every role`,
    value: perSecond(() => {
      const { principal, ...rest } = call(actions[0]!);
      return spread.decide({ ...rest, principal: { ...principal, parents: everyRole } });
    }),
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
  await benchSight(report);
};
