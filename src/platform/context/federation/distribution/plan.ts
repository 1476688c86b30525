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

/** A request for one entity of a batch, and what a source must offer for it. */
export type Way = {
  readonly name: OperationName;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
};

/**
 * How one entity of a batch is told to a source that takes single operations alone (clauses 5.6.7.4 to 5.6.10.4); an upsert
 * by creation first and, where it is there already, by what comes next (clause 5.6.8.4).
 */
export const singly = (operation: Operation): readonly Way[] => {
  const at = `/entities/${encodeURIComponent(entityIdOf(operation)).replaceAll('%3A', ':')}`;
  const create: Way = { name: 'createEntity', method: 'POST', path: '/entities' };
  switch (operation.kind) {
    case 'create':
      return [create];
    case 'replace':
      return operation.orCreate ? [create, { name: 'replaceEntity', method: 'PUT', path: at }] : [];
    case 'append':
      return operation.orCreate
        ? [create, { name: 'updateEntity', method: 'PATCH', path: `${at}/attrs` }]
        : [{ name: 'appendAttrs', method: 'POST', path: `${at}/attrs` }];
    case 'merge':
      return [{ name: 'mergeEntity', method: 'PATCH', path: at }];
    case 'delete':
      return [{ name: 'deleteEntity', method: 'DELETE', path: at }];
    default:
      return [];
  }
};

/** Whether a source takes it, alone or in a batch. */
const offers = ({ operations }: Registration, name: OperationName, operation: Operation): boolean =>
  operations.has(name) ||
  (isBatchName(name) && singly(operation).some((way) => operations.has(way.name)));
const isBatchName = (name: OperationName): boolean => name.endsWith('Batch');

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

/** Who is told of a write, and what is left to do here. */
export type Plan<T = Operation> = {
  readonly told: readonly {
    readonly registration: Registration;
    readonly attributes: readonly string[] | undefined;
  }[];
  /** Those that hold a part and do not take the operation: a conflict (clause 5.6.1.4). */
  readonly closed: readonly Registration[];
  /** What is done here; undefined where all of it is held elsewhere. */
  readonly here: T | undefined;
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

/** How a kind of write is divided among those that hold a part of what it is about. */
export type Division<T> = {
  /** The attributes that it writes; undefined where it is about the whole entity. */
  readonly attributesOf: (write: T) => readonly string[] | undefined;
  readonly without: (write: T, elsewhere: ReadonlySet<string>) => T | undefined;
  /** Whether a source takes it. */
  readonly offers: (registration: Registration) => boolean;
};

/** Clauses 5.6.1.4 to 5.6.21.4: exclusive and redirect sources first, the rest here and to inclusive ones. */
export const divide = <T>(
  write: T,
  matches: readonly Match[],
  { attributesOf: writtenOf, without: reduce, offers: takes }: Division<T>,
): Plan<T> => {
  const written = writtenOf(write);
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
  const here = isWhole ? write : whole ? undefined : reduce(write, elsewhere);
  const left = here && writtenOf(here);
  const told: { registration: Registration; attributes: readonly string[] | undefined }[] = [];
  const closed: Registration[] = [];
  for (const match of proxied)
    if (!takes(match.registration)) closed.push(match.registration);
    else told.push({ registration: match.registration, attributes: attributesWithin(match) });
  for (const match of matches) {
    const { registration } = match;
    if (registration.mode !== 'inclusive' || !takes(registration) || !here) continue;
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

export const planOf = (
  operation: Operation,
  matches: readonly Match[],
  name: OperationName,
): Plan =>
  divide(operation, matches, {
    attributesOf,
    without,
    offers: (registration) => offers(registration, name, operation),
  });
