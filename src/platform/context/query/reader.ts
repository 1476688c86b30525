import type { Database } from '#kernel/database';
import type { Entity } from '../model.ts';
import { findEntity } from '../store/find.ts';
import { listEntitiesById } from '../store/read.ts';
import { type EntityQuestion, type Filter, listEntities, listIds, type Page } from './question.ts';
import { matchesTypes, type TypeSelector } from './type-selector.ts';

/** Which sources know an entity, by its id: registrations, and `@none` for what is here (clause 5.2.39). */
export type Sources = Readonly<Record<string, readonly string[]>>;

export type FindQuestion = {
  readonly tenant: string;
  readonly id: string;
  readonly types?: TypeSelector;
  /** Whether only what is here is asked (clause 5.5.13). */
  readonly local?: boolean;
};

/** All that handlers read entities by, wherever these are. */
export type Reader = {
  /** One entity by its id (clause 5.7.1). */
  readonly find: (question: FindQuestion) => Promise<Entity | undefined>;
  /** Those that answer a question, page by page (clause 5.7.2). Throws Refusal('invalid') where a limit is passed. */
  readonly list: (question: EntityQuestion) => Promise<Page>;
  /** Who knows the entities that answer a question (clause 5.14.4). Throws Refusal('invalid') for more than IDS_MAX. */
  readonly map: (filter: Filter) => Promise<Sources>;
  /** Entities that others point to, at most 1,000 (clause 4.5.23.1: those that are here). */
  readonly linked: (ids: readonly string[], tenant: string) => Promise<Entity[]>;
};

/** Reads what is here. */
export const openReader = (database: Database): Reader => ({
  find: async ({ tenant, id, types }) => {
    const entity = await findEntity(database, id, tenant);
    return entity && (!types || matchesTypes(types, entity.types)) ? entity : undefined;
  },
  list: (question) => listEntities(database, question),
  map: async (filter) =>
    Object.fromEntries((await listIds(database, filter)).map((id) => [id, ['@none']])),
  linked: (ids, tenant) => listEntitiesById(database, { ids, tenant }),
});
