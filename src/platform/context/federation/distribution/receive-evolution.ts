import { createHash } from 'node:crypto';
import { parseInstant, toInstant } from '#kernel/time';
import { parseEntity } from '../../entity/parse.ts';
import type { Names } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import { SCOPE } from '../../jsonld/core-context.ts';
import type { Instance } from '../../model.ts';
import { parseToldInstances } from '../../temporal/parse-told.ts';
import type { Subject } from '../../temporal/subjects.ts';
import type { Part } from '../registrations/model.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The history of an entity as one source has it. */
export type Evolution = {
  readonly subject: Subject;
  readonly instances: readonly { readonly name: string; readonly instance: Instance }[];
};

const HEAD = new Set(['id', 'type', '@id', '@type', '@context', 'scope', 'expiresAt']);
const TIMES = ['createdAt', 'modifiedAt', 'deletedAt'] as const;

const instantIn = (json: Json, name: string): string | undefined => {
  const time = json[name];
  const at = typeof time === 'string' ? parseInstant(time) : undefined;
  return at === undefined ? undefined : toInstant(at);
};

const timesIn = (json: Json) =>
  Object.fromEntries(
    TIMES.flatMap((name) => {
      const at = instantIn(json, name);
      return at === undefined ? [] : [[name, at]];
    }),
  );

/** An instance has a name (clause 4.5.7): where the source gives none, one that stays the same as long as it does. */
const nameFor = (parts: readonly string[], instance: Instance): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([parts, instance]))
    .digest('hex');
  return `urn:ngsi-ld:Instance:${digest.slice(0, 32)}`;
};

/** The instances of a member with the times and names that the source gave them; parsing takes none from a client. */
const instancesOf = (
  id: string,
  member: string,
  value: unknown,
  names: Names,
  now: string,
): readonly Instance[] => {
  const told = [value].flat();
  return parseToldInstances(member, value, names, now).map((instance, n) => {
    const one = isObject(told[n]) ? told[n] : {};
    const { instanceId } = one;
    const timed = { ...instance, ...timesIn(one) };
    return {
      ...timed,
      instanceId: typeof instanceId === 'string' ? instanceId : nameFor([id, member], timed),
    };
  });
};

/** A history as a source answered it, of that which it registered. Throws Refusal('invalid') for what is none. */
export const receiveEvolution = async (
  json: unknown,
  given: Names,
  parts: readonly Part[],
  { contexts, now }: { contexts: Contexts; now: string },
): Promise<Evolution> => {
  const { '@context': context, ...rest } = (isObject(json) ? json : { json }) as Json;
  const names = context === undefined ? given : await contexts.namesOf(context);
  const { id, types } = parseEntity({ id: rest['id'], type: rest['type'] }, names);
  const offered = parts.every(({ attributes }) => attributes)
    ? new Set(parts.flatMap(({ attributes }) => attributes!))
    : undefined;
  const members = Object.entries(rest).flatMap(([member, value]) => {
    if (HEAD.has(member) || TIMES.some((time) => time === member)) return [];
    const name = names.expand(member);
    return offered && !offered.has(name) ? [] : [{ name, member, value }];
  });
  const { scope } = rest;
  const scopes = [scope].flat().filter((one) => typeof one === 'string');
  if (scope !== undefined && scopes.length === 0)
    members.push({ name: SCOPE, member: 'scope', value: scope });
  return {
    subject: {
      id,
      types,
      scopes,
      createdAt: instantIn(rest, 'createdAt') ?? null,
      modifiedAt: instantIn(rest, 'modifiedAt') ?? null,
      ...(rest['deletedAt'] === undefined
        ? {}
        : { deletedAt: instantIn(rest, 'deletedAt') ?? null }),
    },
    instances: members.flatMap(({ name, member, value }) =>
      instancesOf(id, member, value, names, now).map((instance) => ({ name, instance })),
    ),
  };
};
