import type { Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { type Bind, openBind } from '../../query/bind.ts';
import { ALIVE } from '../../store/read.ts';
import type { EntityInfo, Registration, RegistrationInfo } from './model.ts';
import { isProxied } from './model.ts';

const conflict = (why: string): never => {
  throw new Refusal('conflict', why, { conflict: true });
};

const share = (a: RegistrationInfo['attributes'], b: RegistrationInfo['attributes']): boolean =>
  !a || !b || [...a].some((name) => b.has(name));

/** Whether a registration that names the entity by its id covers what this other one names, and the other way round. */
const covers = (info: EntityInfo, id: string, types: readonly string[]): boolean => {
  if (info.types.length > 0 && types.length > 0 && !info.types.some((type) => types.includes(type)))
    return false;
  if (info.id !== undefined) return info.id === id;
  return info.idPattern?.test(id) ?? true;
};

const overlap = (exclusive: Registration, other: Registration): boolean =>
  exclusive.information.some((mine) =>
    other.information.some(
      (theirs) =>
        share(mine.attributes, theirs.attributes) &&
        mine.entities!.some(
          ({ id, types }) =>
            !theirs.entities || theirs.entities.some((info) => covers(info, id!, types)),
        ),
    ),
  );

/** Clauses 4.3.6.3 and 5.9.2.4: beside an exclusive registration there is no other proxied one. Throws Refusal('conflict'). */
export const checkAgainst = (registration: Registration, others: readonly Registration[]): void => {
  if (!isProxied(registration)) return;
  for (const other of others) {
    if (other.id === registration.id || !isProxied(other)) continue;
    const meets =
      registration.mode === 'exclusive'
        ? overlap(registration, other)
        : other.mode === 'exclusive' && overlap(other, registration);
    if (meets)
      conflict(
        `The ${other.mode} registration ${other.id} has these attributes already (clause 4.3.6.3).`,
      );
  }
};

const entityToSql = ({ types, id, idPattern }: EntityInfo, bind: Bind): string => {
  const conditions = [
    ...(types.length > 0 ? [`e.types && ${bind(types)}::text[]`] : []),
    ...(id === undefined ? [] : [`e.id = ${bind(id)}`]),
    ...(idPattern ? [`e.id ~ ${bind(idPattern.source)}`] : []),
  ];
  return conditions.length > 0 ? `(${conditions.join(' and ')})` : 'true';
};

const infoToSql = ({ entities, attributes }: RegistrationInfo, bind: Bind): string => {
  const conditions = [
    ...(entities ? [`(${entities.map((one) => entityToSql(one, bind)).join(' or ')})`] : []),
    ...(attributes ? [`e.attributes ?| ${bind([...attributes])}::text[]`] : []),
  ];
  return conditions.join(' and ');
};

/**
 * Clause 5.9.2.4: what is registered as held elsewhere is not held here. A redirect registration with attributes meets
 * only entities that have one of them. Throws Refusal('conflict').
 */
export const checkEntities = async (sql: Sql, registration: Registration): Promise<void> => {
  if (!isProxied(registration)) return;
  const { bind, values } = openBind();
  const text = `select e.id from context.entities e where e.tenant = ${bind(registration.tenant)}
    and ${ALIVE} and (${registration.information.map((info) => `(${infoToSql(info, bind)})`).join(' or ')}) limit 1`;
  const { rows } = await sql.query<{ id: string }>(text, values);
  if (rows[0])
    conflict(
      `The entity ${rows[0].id} is held here; what is registered as ${registration.mode} is not (clause 5.9.2.4).`,
    );
};
