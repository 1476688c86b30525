import type { Kysely } from 'kysely';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import type { Clock } from '#kernel/time';
import type { InOne } from './acts.ts';
import type { Identifier } from './identify.ts';
import type { Terms } from './people/terms.ts';
import type { IdentityTables } from './tables.ts';

/** What the routes of identity stand on. */
export type Needs = {
  readonly db: Kysely<IdentityTables>;
  readonly database: Database;
  readonly inOne: InOne;
  readonly clock: Clock;
  readonly config: Config;
  readonly terms: Terms;
  readonly identifier: Identifier;
};
