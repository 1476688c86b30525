import { attributesWithin } from '../registrations/match.ts';
import { entityIdOf, type Operation } from '../../operations.ts';
import type { Selector } from '../../query/question.ts';
import { isProxied, type Match, type Registration } from '../registrations/model.ts';
import type { OperationName } from '../registrations/operations.ts';

/** What an operation is called where sources offer it (table 4.20-1): alone, and in a batch. */
const NAMES: Readonly<
  Record<Operation['kind'], readonly [alone: OperationName, batch: OperationName]>
> = {
  create: ['createEntity', 'createBatch'],
  replace: ['replaceEntity', 'upsertBatch'],
  append: ['appendAttrs', 'updateBatch'],
  update: ['updateEntity', 'updateBatch'],
  merge: ['mergeEntity', 'mergeBatch'],
  'update-attribute': ['updateAttrs', 'updateBatch'],
  'replace-attribute': ['replaceAttrs', 'updateBatch'],
  'delete-attribute': ['deleteAttrs', 'updateBatch'],
  delete: ['deleteEntity', 'deleteBatch'],
  reduce: ['purgeEntity', 'purgeEntity'],
  expire: ['deleteEntity', 'deleteBatch'],
};

/** How one entity of a batch is told to a source that takes single operations alone (clause 5.6.7.4 and the like). */
export const singly = (
  operation: Operation,
): { readonly method: 'POST' | 'PATCH' | 'DELETE'; readonly path: string } | undefined => {
  const at = `/entities/${encodeURIComponent(entityIdOf(operation)).replaceAll('%3A', ':')}`;
  switch (operation.kind) {
    case 'create':
      return { method: 'POST', path: '/entities' };
    case 'append':
      return operation.orCreate ? undefined : { method: 'POST', path: `${at}/attrs` };
    case 'merge':
      return { method: 'PATCH', path: at };
    case 'delete':
      return { method: 'DELETE', path: at };
    default:
      return undefined;
  }
};

/** Whether a source takes it, alone or in a batch. */
const offers = ({ operations }: Registration, name: OperationName, operation: Operation): boolean =>
  operations.has(name) ||
  (singly(operation) !== undefined && operations.has(nameOf(operation, false)));

export const nameOf = (operation: Operation, batch: boolean): OperationName => {
  const [alone, together] = NAMES[operation.kind];
  if (batch && operation.kind === 'append' && operation.orCreate) return 'upsertBatch';
  return batch ? together : alone;
};

/** The attributes that an operation writes; undefined where it is about the whole entity. */
export const attributesOf = (operation: Operation): readonly string[] | undefined => {
  if ('name' in operation) return [operation.name];
  return 'entity' in operation ? Object.keys(operation.entity.attributes) : undefined;
};

/** Types are alternatives: a source of one of them has to do with the entity (clause 5.12). */
export const selectorsOf = (
  operation: Operation,
  known: readonly string[],
): readonly Selector[] => {
  const own = 'entity' in operation ? operation.entity.types : [];
  const types = own.length > 0 ? own : known;
  const ids = [entityIdOf(operation)];
  return types.length > 0 ? types.map((type) => ({ ids, types: { anyOf: [[type]] } })) : [{ ids }];
};

/** Who is told of an operation, and what is left to do here. */
export type Plan = {
  readonly told: readonly {
    readonly registration: Registration;
    readonly attributes: readonly string[] | undefined;
  }[];
  /** Those that hold a part and do not take the operation: a conflict (clause 5.6.1.4). */
  readonly closed: readonly Registration[];
  /** What is done here; undefined where all of it is held elsewhere. */
  readonly here: Operation | undefined;
};

/** The operation without the attributes that are held elsewhere; undefined where nothing is left. */
const without = (operation: Operation, elsewhere: ReadonlySet<string>): Operation | undefined => {
  if ('name' in operation) return elsewhere.has(operation.name) ? undefined : operation;
  if (!('entity' in operation)) return operation;
  const left = Object.entries(operation.entity.attributes).filter(([name]) => !elsewhere.has(name));
  if (left.length === Object.keys(operation.entity.attributes).length) return operation;
  if (left.length === 0) return undefined;
  return {
    ...operation,
    entity: { ...operation.entity, attributes: Object.fromEntries(left) },
  };
};

/** Clauses 5.6.1.4 to 5.6.21.4: exclusive and redirect sources first, the rest here and to inclusive ones. */
export const planOf = (
  operation: Operation,
  matches: readonly Match[],
  name: OperationName,
): Plan => {
  const written = attributesOf(operation);
  const proxied = matches.filter(({ registration }) => isProxied(registration));
  const elsewhere = new Set<string>();
  let whole = false;
  for (const match of proxied) {
    const attributes = attributesWithin(match);
    if (attributes) for (const one of attributes) elsewhere.add(one);
    else whole = true;
  }
  // What is deleted as a whole goes here too, whatever part of it is held elsewhere.
  const isWhole = written === undefined;
  const here = isWhole ? operation : whole ? undefined : without(operation, elsewhere);
  const left = here && attributesOf(here);
  const told: { registration: Registration; attributes: readonly string[] | undefined }[] = [];
  const closed: Registration[] = [];
  for (const match of proxied)
    if (!offers(match.registration, name, operation)) closed.push(match.registration);
    else told.push({ registration: match.registration, attributes: attributesWithin(match) });
  for (const match of matches) {
    const { registration } = match;
    if (registration.mode !== 'inclusive' || !offers(registration, name, operation) || !here)
      continue;
    const offered = attributesWithin(match);
    const attributes = left && offered ? offered.filter((one) => left.includes(one)) : offered;
    if (attributes && left && left.length > 0 && attributes.length === 0) continue;
    told.push({
      registration,
      attributes: attributes ?? (left && left.length < (written?.length ?? 0) ? left : undefined),
    });
  }
  return { told, closed, here };
};
