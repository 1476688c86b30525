import type { Actor } from '#kernel/actor';
import type { Sql } from '#kernel/database';
import type { Kysely } from 'kysely';
import type { IdentityTables } from './tables.ts';

/** What is written down of an act, in the transaction of the act itself. */
export type Act = {
  readonly actor: Actor;
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly before?: unknown;
  readonly after?: unknown;
};

/** State and proof together, or neither: `note` writes the act down where `db` writes the state. */
export type Work = {
  readonly db: Kysely<IdentityTables>;
  readonly note: (act: Act) => Promise<void>;
};
export type InOne = <T>(work: (tx: Work) => Promise<T>) => Promise<T>;

/** The same for whoever has SQL only. */
export type Note = (sql: Sql, act: Act) => Promise<void>;
