import { arrayText, jsonbColumn, textColumn } from '#kernel/database';
import { parseInstant, toInstant } from '#kernel/time';
import type { Applied } from '../entity/apply.ts';
import { deletedInstance } from '../entity/deleted.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import type { Attributes, Entity, Instance } from '../model.ts';

type Groups = Map<string, Record<string, Instance[]>>;

/** When an instance is known of: observedAt in our spelling, where it has one. */
export const observedAt = (instance: Instance): string | undefined => {
  const at = instance.observedAt === undefined ? undefined : parseInstant(instance.observedAt);
  return at === undefined ? undefined : toInstant(at);
};

const put = (groups: Groups, at: string, name: string, instance: Instance): void => {
  const group = groups.get(at) ?? {};
  groups.set(at, group);
  (group[name] ??= []).push(instance);
};

/** What was written, by the instant it was observed; most writes have one. */
const putWritten = (
  groups: Groups,
  { attributes }: Entity,
  changed: readonly string[],
  before: Attributes,
  now: string,
): void => {
  for (const name of changed)
    for (const instance of attributes[name] ?? [])
      if (!before[name]?.includes(instance))
        // else not touched by this write
        put(groups, observedAt(instance) ?? now, name, instance);
};

/** Clauses 4.5.7 and 4.5.8: a deletion is an instance of its own. */
const putDeleted = (
  groups: Groups,
  left: Attributes,
  changed: readonly string[],
  before: Attributes,
  now: string,
): void => {
  for (const name of changed)
    for (const { type, datasetId } of before[name] ?? [])
      if (!left[name]?.some((instance) => instance.datasetId === datasetId))
        put(groups, now, name, deletedInstance(type, datasetId, now));
};

/** Clause 4.5.6: the scope as a Property; of a change by the core API observedAt is a copy of modifiedAt. */
const putScopes = (
  groups: Groups,
  before: readonly string[],
  scopes: readonly string[],
  now: string,
): void => {
  if (before === scopes || (before.length === 0 && scopes.length === 0)) return;
  if (before.length === scopes.length && before.every((scope, i) => scope === scopes[i])) return;
  put(
    groups,
    now,
    SCOPE,
    scopes.length === 0
      ? deletedInstance('Property', undefined, now)
      : scopeInstance(scopes, now, now),
  );
};

/** One instance of the scope's evolution (clause 4.5.6). */
const scopeInstance = (scopes: readonly string[], at: string, now: string): Instance => ({
  type: 'Property',
  value: scopes.length === 1 ? scopes[0] : scopes,
  observedAt: at,
  createdAt: now,
  modifiedAt: now,
});

/** A row of the history: what was written of an entity of an instant, in one go. */
export type HistoryRow = {
  readonly tenant: string;
  readonly entity: string;
  readonly at: string;
  readonly op: 'create' | 'update' | 'delete';
  readonly types: readonly string[];
  /** As JSON text. */
  readonly attributes: string;
};

/** The history rows of one write: one for each instant, one where nothing but a type changed. */
export const historyRows = (
  tenant: string,
  before: Entity | undefined,
  { state, changed }: Applied,
  now: string,
): HistoryRow[] => {
  const entity = state ?? before;
  if (!entity) return [];
  const op = state ? (before ? 'update' : 'create') : 'delete';
  const groups: Groups = new Map();
  if (state) putWritten(groups, state, changed, before?.attributes ?? {}, now);
  if (before) putDeleted(groups, state?.attributes ?? {}, changed, before.attributes, now);
  putScopes(groups, before?.scopes ?? [], state?.scopes ?? [], now);
  if (groups.size === 0) groups.set(now, {});
  const { id, types } = entity;
  return Array.from(groups, ([at, attributes]) => ({
    tenant,
    entity: id,
    at,
    op,
    types,
    attributes: JSON.stringify(attributes),
  }));
};

/** Tenant, entity, at, op, types and attributes, to be unnested. */
export const historyColumns = (rows: readonly HistoryRow[]): Buffer[] => [
  textColumn(rows.map(({ tenant }) => tenant)),
  textColumn(rows.map(({ entity }) => entity)),
  textColumn(rows.map(({ at }) => at)),
  textColumn(rows.map(({ op }) => op)),
  textColumn(rows.map(({ types }) => arrayText(types))),
  jsonbColumn(rows.map(({ attributes }) => attributes)),
];
