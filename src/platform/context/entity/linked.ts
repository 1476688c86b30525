import { Refusal } from '#kernel/errors';
import type { Entity, Instance } from '../model.ts';
import { type Projection, shows } from './projection.ts';

/** Some megabytes; whoever wants a whole graph walks it. */
export const LINKED_ENTITIES_MAX = 1_000;

/** A linked entity and what of it is shown. */
export type Linked = { readonly entity: Entity; readonly projection: Projection };

/** How linked entities are read by their ids; those that are not there are left out. */
export type ReadLinked = (ids: readonly string[]) => Promise<readonly Entity[]>;

const EVERYTHING: Projection = {};

const objectsOf = ({ object, objectList }: Instance): readonly string[] => {
  if (objectList) return objectList;
  if (object === undefined) return [];
  return typeof object === 'string' ? [object] : object;
};

type Step = { readonly id: string; readonly projection: Projection };

const stepsFrom = ({ entity, projection }: Linked): Step[] =>
  Object.entries(entity.attributes).flatMap(([name, instances]) =>
    shows(projection, name)
      ? instances
          .flatMap(objectsOf)
          .map((id) => ({ id, projection: projection.links?.get(name) ?? EVERYTHING }))
      : [],
  );

/**
 * The entities that these point to by shown Relationships and ListRelationships, and so on for `levels` (clause 4.5.23),
 * nearest first. Each is followed once for each projection; those of `containedBy` are left out. Throws
 * Refusal('invalid') where there are more than LINKED_ENTITIES_MAX.
 */
export const gatherLinked = async (
  from: readonly Linked[],
  {
    levels,
    containedBy,
    read,
  }: { levels: number; containedBy: ReadonlySet<string>; read: ReadLinked },
): Promise<Linked[]> => {
  const known = new Map<string, Entity | undefined>(from.map(({ entity }) => [entity.id, entity]));
  const walked = new Map<string, Set<Projection>>();
  const isNew = ({ id, projection }: Step): boolean => {
    const under = walked.get(id) ?? new Set();
    if (under.has(projection)) return false;
    walked.set(id, under.add(projection));
    return true;
  };
  for (const { entity, projection } of from) isNew({ id: entity.id, projection });

  const gathered: Linked[] = [];
  let edge: readonly Linked[] = from;
  for (let level = 0; level < levels && edge.length > 0; level += 1) {
    const steps = edge
      .flatMap(stepsFrom)
      .filter((step) => !containedBy.has(step.id) && isNew(step));
    const unknown = [...new Set(steps.map(({ id }) => id))].filter((id) => !known.has(id));
    if (known.size - from.length + unknown.length > LINKED_ENTITIES_MAX)
      throw new Refusal(
        'invalid',
        `More than ${LINKED_ENTITIES_MAX} linked entities: ask for fewer levels or entities (clause 4.5.23.1).`,
        { results: true },
      );
    for (const id of unknown) known.set(id, undefined);
    if (unknown.length > 0) for (const entity of await read(unknown)) known.set(entity.id, entity);
    edge = steps.flatMap(({ id, projection }) => {
      const entity = known.get(id);
      return entity ? [{ entity, projection }] : [];
    });
    gathered.push(...edge);
  }
  return gathered;
};
