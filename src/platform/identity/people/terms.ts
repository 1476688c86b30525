import type { Kysely } from 'kysely';
import type { IdentityTables } from '../tables.ts';

export type Db = Kysely<IdentityTables>;

/** On what terms people are let in here. */
export type Terms = {
  /** Whether demonstration people exist. */
  readonly demo: boolean;
  /** How many factors a sign-in must have had for its person to count as staff. */
  readonly staffFactors: 1 | 2;
  /** The present instant. */
  readonly now: () => string;
};
