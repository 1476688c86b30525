import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { defineModule, port, type SensitiveType } from '#kernel/module';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../test/house.ts';
import { openRights } from '../policy/rights.ts';
import { openViews } from '../policy/sight/view.ts';
import { coreNames } from './jsonld/compile.ts';
import module from './module.ts';
import type { Entity } from './model.ts';
import { filterOf, orderOf } from './ngsi-ld/question-parameters.ts';
import { openReader } from './query/reader.ts';
import { openSight, seenBy } from './sight.ts';

const SENSITIVE: Readonly<Record<string, SensitiveType>> = {
  Resident: {
    attributes: {
      phone: 'personal',
      address: 'restricted',
      location: 'personal',
      score: 'restricted',
    },
    owners: ['owner'],
  },
  Complaint: { whole: 'personal', attributes: { phone: 'restricted' }, owners: ['about', 'owner'] },
};
const people = defineModule({
  provides: port<object>()('people'),
  title: { zh: '人', en: 'People' },
  plan: {},
  uses: [],
  events: {},
  actions: {},
  sensitive: SENSITIVE,
  setup: () => ({ api: {} }),
});

const TYPES = [
  ['Resident'],
  ['Complaint'],
  ['Resident', 'Complaint'],
  ['Bin'],
  ['Bin', 'Resident'],
];
const OWNERS = ['urn:ngsi-ld:Person:ada', 'urn:ngsi-ld:Person:bo', 'urn:ngsi-ld:Organization:club'];
const idOf = (n: number) => `urn:ngsi-ld:Thing:${String(n).padStart(2, '0')}`;

const thing = (n: number) => ({
  id: idOf(n),
  type: TYPES[n % TYPES.length],
  score: (n * 7) % 10,
  ...(n % 3 === 0 ? {} : { phone: `${(n * 5) % 4}` }),
  ...(n % 4 === 1 ? { address: 'Drum Tower' } : {}),
  ...(n % 5 === 4 ? {} : { owner: { type: 'Relationship', object: OWNERS[n % 4] ?? OWNERS } }),
  ...(n % 6 === 5 ? { about: { type: 'Relationship', object: OWNERS[(n + 1) % 3] } } : {}),
  ...(n % 7 === 6
    ? {}
    : {
        location: {
          type: 'GeoProperty',
          value: { type: 'Point', coordinates: [121 + n / 100, 29.8] },
        },
      }),
  friend: { type: 'Relationship', object: idOf((n * 11 + 3) % 40) },
});

const ACTORS: readonly Actor[] = [
  { kind: 'anonymous', id: 'anonymous', name: '', roles: ['anyone'] },
  { kind: 'person', id: 'ada', name: 'Ada', roles: ['anyone', 'person'], assurance: 'real-name' },
  {
    kind: 'person',
    id: 'cy',
    name: 'Cy',
    roles: ['anyone', 'person'],
    assurance: 'staff',
    bodies: [{ body: 'club', post: 'clerk' }],
  },
  {
    kind: 'person',
    id: 'bo',
    name: 'Bo',
    roles: ['anyone', 'person', 'operator'],
    assurance: 'staff',
    purpose: 'care',
  },
];

/** Rights as somebody might write them. */
const clause = fc.record({
  effect: fc.constantFrom('permit', 'permit', 'permit', 'forbid'),
  who: fc.constantFrom(
    'true',
    'principal.assurance == "staff"',
    'context.purpose == "care"',
    'principal in Role::"operator"',
  ),
  what: fc.constantFrom(
    'true',
    'resource.attribute == "phone"',
    'resource.sensitivity == "restricted"',
    'resource.type == "Complaint"',
    'resource.attribute == ""',
    'resource.attribute != "location"',
  ),
  whose: fc.constantFrom(
    'true',
    'resource.relation == "own"',
    'resource.relation == "ours"',
    'resource.relation != "none"',
  ),
});
const policies = fc.array(clause, { minLength: 1, maxLength: 4 }).map((clauses) =>
  clauses
    .map(
      ({ effect, who, what, whose }, n) =>
        `@id("p${n}") @zh("第${n}条") @en("No ${n}") ${effect} (principal, action == Action::"see", resource)
         when { ${who} && ${what} && ${whose} };`,
    )
    .join('\n'),
);

const terms = [
  'score>4',
  'phone=="1"',
  'phone!="1"',
  '!phone',
  'phone',
  '!address',
  'address~=Drum',
  'score==0..5',
  'friend{phone}',
  'friend{Resident:score}>2',
  'owner',
  'friend{friend{address}}',
];
const term = fc.constantFrom(...terms);
const q = fc.oneof(
  term,
  fc.tuple(term, fc.constantFrom(';', '|'), term).map((parts) => parts.join('')),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const asking = fc.record({
  q: optional(q),
  type: optional(fc.constantFrom('Resident', 'Complaint', 'Bin', 'Resident,Bin', '(Bin;Resident)')),
  attrs: optional(fc.constantFrom('phone', 'address,location', 'score')),
  near: optional(fc.constantFrom('near;maxDistance==15000', 'near;minDistance==9000', 'within')),
  orderBy: optional(fc.constantFrom('phone', 'score;desc', 'address,id;desc', 'location;dist-asc')),
  limit: fc.integer({ min: 0, max: 12 }),
  offset: fc.integer({ min: 0, max: 6 }),
});

const bare = ({ id, types, attributes }: Entity) => ({
  id,
  types,
  attributes: JSON.parse(
    JSON.stringify(attributes, (key, value) =>
      /^(?:created|modified)At$/.test(key) ? undefined : value,
    ),
  ) as unknown,
});

describe.each(testEngines)('sight on %s', (engine) => {
  let house: House;
  let context: Context;
  let entities: readonly Entity[];
  beforeAll(async () => {
    house = await openTestHouse({ modules: [module, people], engine });
    context = house.apis['context'] as Context;
    const made = Array.from({ length: 40 }, (_, n) => context.toFragment(thing(n)));
    await context.write(made.map((entity) => ({ kind: 'create', entity })));
    entities = await context.list({});
  }, 60_000);
  afterAll(() => house?.[Symbol.asyncDispose]());

  test('any question is answered as if what is hidden from its reader were not there', async () => {
    let copies = 0;
    const rights = openRights({ manifests: house.modules, isEmergency: () => false });

    /** What a reader sees, decided by Cedar for each fact of each entity. */
    const masked = (actor: Actor, entity: Entity): Entity | undefined => {
      const short = entity.types.map(coreNames.compact);
      const isSeen = (type: string, attribute: string, sensitivity: 'personal' | 'restricted') => {
        const objects = (SENSITIVE[type]!.owners ?? []).flatMap((owner) =>
          (entity.attributes[coreNames.expand(owner)] ?? []).flatMap(({ object = [] }) => object),
        );
        const relations = [
          'none' as const,
          ...(objects.includes(`urn:ngsi-ld:Person:${actor.id}`) ? (['own'] as const) : []),
          ...(actor.bodies?.some(({ body }) => objects.includes(`urn:ngsi-ld:Organization:${body}`))
            ? (['ours'] as const)
            : []),
        ];
        return relations.some((relation) =>
          rights.sees(actor, { type, attribute, sensitivity, relation }),
        );
      };
      const declared = short.filter((type) => SENSITIVE[type]);
      if (declared.some((type) => SENSITIVE[type]!.whole && !isSeen(type, '', 'personal')))
        return undefined;
      const hidden = declared.flatMap((type) =>
        Object.entries(SENSITIVE[type]!.attributes!).flatMap(([attribute, sensitivity]) =>
          isSeen(type, attribute, sensitivity) ? [] : [coreNames.expand(attribute)],
        ),
      );
      const left = Object.entries(entity.attributes).filter(([name]) => !hidden.includes(name));
      return { ...entity, attributes: Object.fromEntries(left) };
    };

    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.constantFrom(...ACTORS),
        fc.array(asking, { minLength: 12, maxLength: 12 }),
        async (text, actor, askings) => {
          rights.replace(new Map([['house', text]]));
          const views = openViews(rights, house.modules, () => false);
          const sight = openSight(views)(actor);
          const all = openReader(house.database);
          const tenant = `copy${++copies}`;
          const left = entities.flatMap((entity) => masked(actor, entity) ?? []);
          await context.write(
            left.map((entity) => ({ kind: 'create', entity })),
            tenant,
          );
          for (const { near, orderBy, limit, offset, ...parameters } of askings) {
            const geo = near && {
              georel: near,
              geometry: near === 'within' ? 'Polygon' : 'Point',
              coordinates:
                near === 'within'
                  ? '[[[121.05,29],[121.2,29],[121.2,30],[121.05,30],[121.05,29]]]'
                  : '[121.1,29.8]',
            };
            const from = { orderFrom: [121.2, 29.8] };
            const question = (of: string) => ({
              ...filterOf({ ...parameters, ...geo, local: 'true' }, coreNames, of),
              ...orderOf(
                { orderBy: orderBy && `${orderBy}${orderBy.includes('id') ? '' : ',id'}`, ...from },
                coreNames,
              ),
              limit,
              offset,
              count: true,
            });
            const got = await seenBy(all, sight).list(question(''));
            const due = await all.list(question(tenant));
            expect(
              { ...got, entities: got.entities.map(bare) },
              JSON.stringify(parameters),
            ).toEqual({
              ...due,
              entities: due.entities.map(bare),
            });
            const ids = Object.keys(await seenBy(all, sight).map(question('')));
            expect(ids).toEqual(Object.keys(await all.map(question(tenant))));
          }
          for (const entity of entities.slice(0, 10)) {
            const one = await seenBy(all, sight).find({ tenant: '', id: entity.id });
            const due = masked(actor, entity);
            expect(one && bare(one)).toEqual(due && bare(due));
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);
});
