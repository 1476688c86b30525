import type { Database } from '#kernel/database';
import type { Names } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import {
  type AttributeUse,
  findTypeUse,
  listAttributeNames,
  listAttributeUses,
  listTypeNames,
  listTypesWithAttributes,
} from '../../store/vocabulary.ts';
import type { Match } from '../registrations/model.ts';
import type { OperationName } from '../registrations/operations.ts';
import type { Sight } from '../../sight.ts';
import type { Matching } from './match.ts';
import { isLoop } from './asking.ts';
import { infoOf, type Send, sentenceOf, warningOf } from './send.ts';
import { openTranslation } from './translate.ts';

type TypeUse = Awaited<ReturnType<typeof findTypeUse>>;
type Json = Readonly<Record<string, unknown>>;
const NOT_FOUND = 404;

const objectsIn = (json: unknown): readonly Json[] =>
  [json].flat().filter((one): one is Json => typeof one === 'object' && one !== null);
const textsIn = (json: unknown): readonly string[] =>
  [json].flat().filter((one) => typeof one === 'string');
const countIn = (json: unknown): number =>
  typeof json === 'number' && Number.isSafeInteger(json) && json > 0 ? json : 0;
const union = (lists: readonly (readonly string[])[]): string[] =>
  [...new Set(lists.flat())].sort();

/** Merges what several tell of a thing of the same name, in the order of the names. */
const mergeBy = <T>(list: readonly T[], nameOf: (one: T) => string, merge: (all: T[]) => T): T[] =>
  [...Map.groupBy(list, nameOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, all]) => (all.length === 1 ? all[0]! : merge(all)));

/** What a source is believed of: that which it registered (clause 4.3.6.1). */
const believedOf = ({ parts }: Match) => ({
  type: (type: string): boolean =>
    parts.some(
      ({ entities }) =>
        !entities || entities.some(({ types }) => types.length === 0 || types.includes(type)),
    ),
  attribute: (name: string, type?: string): boolean =>
    parts.some(
      ({ entities, attributes }) =>
        (!attributes || attributes.includes(name)) &&
        (type === undefined ||
          !entities ||
          entities.some(({ types }) => types.length === 0 || types.includes(type))),
    ),
});
type Answered = {
  readonly json: unknown;
  readonly names: Names;
  readonly believed: ReturnType<typeof believedOf>;
};

/** The name at the end of a path (clauses 6.26 and 6.28), in the source's own. */
const LAST = /^(\/(?:types|attributes)\/)([^/]+)$/;

/** Which types and attributes there are, here and at the sources (clauses 5.7.5 to 5.7.10). */
export const openDiscovery = (
  database: Database,
  { matching, send, contexts }: { matching: Matching; send: Send; contexts: Contexts },
) => {
  /** What the sources answer, each in the names of the request; what fails is a warning. */
  const ask = async (
    tenant: string,
    local: boolean,
    operation: OperationName,
    about: { readonly types?: readonly string[]; readonly attributes?: readonly string[] } = {},
  ): Promise<readonly Answered[]> => {
    const { types, attributes } = about;
    const found = await matching.matching(
      {
        tenant,
        ...(types ? { selectors: [{ types: { anyOf: [types] } }] } : {}),
        ...(attributes ? { attributes } : {}),
      },
      local,
      [operation],
    );
    if (!found || found.matches.length === 0) return [];
    const { journey, matches } = found;
    if (isLoop(journey)) return [];
    const own = await journey.names();
    const asked = matches.map(async (match): Promise<readonly Answered[]> => {
      const { registration } = match;
      const context = infoOf(registration, 'jsonldContext');
      const names = context === undefined ? own : await contexts.namesOf(context);
      const { name } = openTranslation(own, names);
      const path =
        context === undefined
          ? journey.path
          : journey.path.replace(
              LAST,
              (_, before: string, last: string) =>
                before + encodeURIComponent(name(decodeURIComponent(last))),
            );
      const answer = await send(
        registration,
        {
          method: 'GET',
          path,
          query: journey.query,
          ...(context === undefined ? {} : { context }),
        },
        journey,
      );
      if (answer.kind === 'answer') journey.relay(answer.warnings);
      if (answer.kind === 'answer' && answer.status === 200)
        return [{ json: answer.json, names, believed: believedOf(match) }];
      if (answer.kind !== 'answer' || answer.status !== NOT_FOUND)
        journey.warn(warningOf(answer), sentenceOf(registration, answer));
      return [];
    });
    return (await Promise.all(asked)).flat();
  };

  return {
    typeNames: async (tenant: string, local: boolean, sight?: Sight): Promise<string[]> => {
      const [here, there] = await Promise.all([
        listTypeNames(database, tenant, sight),
        ask(tenant, local, 'retrieveEntityTypes'),
      ]);
      const told = there.flatMap(({ json, names, believed }) =>
        objectsIn(json).flatMap((one) =>
          textsIn(one['typeList']).map(names.expand).filter(believed.type),
        ),
      );
      return told.length > 0 ? union([here, told]) : here;
    },
    typesWithAttributes: async (tenant: string, local: boolean, sight?: Sight) => {
      const [here, there] = await Promise.all([
        listTypesWithAttributes(database, tenant, sight),
        ask(tenant, local, 'retrieveEntityTypeDetails'),
      ]);
      const told = there.flatMap(({ json, names, believed }) =>
        objectsIn(json).flatMap((one) =>
          textsIn(one['typeName'])
            .map(names.expand)
            .filter(believed.type)
            .map((type) => ({
              type,
              attributes: textsIn(one['attributeNames'])
                .map(names.expand)
                .filter((name) => believed.attribute(name, type)),
            })),
        ),
      );
      if (told.length === 0) return here;
      return mergeBy(
        [...here, ...told],
        ({ type }) => type,
        (all) => ({ type: all[0]!.type, attributes: union(all.map((one) => one.attributes)) }),
      );
    },
    typeUse: async (
      tenant: string,
      type: string,
      local: boolean,
      sight?: Sight,
    ): Promise<TypeUse> => {
      const [here, there] = await Promise.all([
        findTypeUse(database, tenant, type, sight),
        ask(tenant, local, 'retrieveEntityTypeInfo', { types: [type] }),
      ]);
      const told = there.flatMap(({ json, names, believed }) =>
        objectsIn(json).map((one) => ({
          count: countIn(one['entityCount']),
          attributes: objectsIn(one['attributeDetails']).flatMap((attribute) =>
            textsIn(attribute['attributeName'])
              .map(names.expand)
              .filter((name) => believed.attribute(name, type))
              .map((name) => ({ name, kinds: [...textsIn(attribute['attributeTypes'])] })),
          ),
        })),
      );
      if (told.length === 0) return here;
      const all = [here, ...told];
      return {
        count: all.reduce((sum, { count }) => sum + count, 0),
        attributes: mergeBy(
          all.flatMap(({ attributes }) => attributes),
          ({ name }) => name,
          (same) => ({ name: same[0]!.name, kinds: union(same.map(({ kinds }) => kinds)) }),
        ),
      };
    },
    attributeNames: async (tenant: string, local: boolean, sight?: Sight): Promise<string[]> => {
      const [here, there] = await Promise.all([
        listAttributeNames(database, tenant, sight),
        ask(tenant, local, 'retrieveAttrTypes'),
      ]);
      const told = there.flatMap(({ json, names, believed }) =>
        objectsIn(json).flatMap((one) =>
          textsIn(one['attributeList'])
            .map(names.expand)
            .filter((name) => believed.attribute(name)),
        ),
      );
      return told.length > 0 ? union([here, told]) : here;
    },
    /** Of all attributes, or of this one. */
    attributeUses: async (
      tenant: string,
      local: boolean,
      name?: string,
      sight?: Sight,
    ): Promise<AttributeUse[]> => {
      const [here, there] = await Promise.all([
        listAttributeUses(database, tenant, name, sight),
        name === undefined
          ? ask(tenant, local, 'retrieveAttrTypeDetails')
          : ask(tenant, local, 'retrieveAttrTypeInfo', { attributes: [name] }),
      ]);
      const told = there.flatMap(({ json, names, believed }) =>
        objectsIn(json).flatMap((one) =>
          textsIn(one['attributeName'])
            .map(names.expand)
            .filter((attribute) => believed.attribute(attribute))
            .map((attribute): AttributeUse => ({
              name: attribute,
              count: countIn(one['attributeCount']),
              kinds: textsIn(one['attributeTypes']),
              types: textsIn(one['typeNames'])
                .map(names.expand)
                .filter((type) => believed.attribute(attribute, type)),
            })),
        ),
      );
      if (told.length === 0) return here;
      return mergeBy(
        [...here, ...told.filter((one) => name === undefined || one.name === name)],
        (one) => one.name,
        (all) => ({
          name: all[0]!.name,
          count: all.reduce((sum, { count }) => sum + count, 0),
          kinds: union(all.map(({ kinds }) => kinds)),
          types: union(all.map(({ types }) => types)),
        }),
      );
    },
  };
};
export type Discovery = ReturnType<typeof openDiscovery>;
