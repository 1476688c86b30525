import { parseInstant } from '#kernel/time';
import { parseEntity } from '../../entity/parse.ts';
import type { Names } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import type { Attributes, Entity, Instance } from '../../model.ts';
import type { Part } from '../registrations/model.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const timeIn = (json: Json, name: string): string => {
  const time = json[name];
  return typeof time === 'string' ? time : '';
};

/** The system times that a source tells of its attributes; parsing takes none from a client. */
const withTimes = (attributes: Attributes, json: Json, names: Names): Attributes => {
  const kept: Record<string, readonly Instance[]> = { ...attributes };
  for (const [member, value] of Object.entries(json)) {
    const instances = attributes[names.expand(member)];
    if (!instances) continue;
    const told = [value].flat();
    kept[names.expand(member)] = instances.map((instance, n) => {
      const one = told[n];
      if (!isObject(one)) return instance;
      const [createdAt, modifiedAt] = [timeIn(one, 'createdAt'), timeIn(one, 'modifiedAt')];
      return {
        ...instance,
        ...(createdAt ? { createdAt } : {}),
        ...(modifiedAt ? { modifiedAt } : {}),
      };
    });
  }
  return kept;
};

/** What of an entity the parts of a registration offer: a source may say more than it registered. */
const within = (entity: Entity, parts: readonly Part[]): Entity => {
  if (parts.some(({ attributes }) => !attributes)) return entity;
  const offered = new Set(parts.flatMap(({ attributes }) => attributes ?? []));
  return {
    ...entity,
    attributes: Object.fromEntries(
      Object.entries(entity.attributes).filter(([name]) => offered.has(name)),
    ),
  };
};

const isGone = (time: string | undefined, nowMs: number): boolean =>
  time !== undefined && (parseInstant(time) ?? Infinity) <= nowMs;

/** An entity as a source answered it. Throws Refusal('invalid') for what is none; undefined for one that has expired. */
export const receiveEntity = async (
  json: unknown,
  given: Names,
  parts: readonly Part[],
  { contexts, nowMs }: { contexts: Contexts; nowMs: number },
): Promise<Entity | undefined> => {
  const { '@context': context, ...rest } = (isObject(json) ? json : { json }) as Json;
  const names = context === undefined ? given : await contexts.namesOf(context);
  const fragment = parseEntity(rest, names);
  if (isGone(fragment.expiresAt, nowMs)) return undefined;
  return within(
    {
      ...fragment,
      scopes: fragment.scopes ?? [],
      attributes: withTimes(fragment.attributes, rest, names),
      createdAt: timeIn(rest, 'createdAt'),
      modifiedAt: timeIn(rest, 'modifiedAt'),
    },
    parts,
  );
};
