import type { Database } from '#kernel/database';
import type { Clock } from '#kernel/time';
import { toInstant } from '#kernel/time';

/** Who we are among context sources (clause 5.2.40). */
export type Identity = {
  /** Our pseudonym in Via (RFC 7230, clause 5.7.1), one for each tenant: by it loops are known (clause 6.3.18). */
  readonly aliasOf: (tenant: string) => Promise<string>;
  readonly describe: (tenant: string) => Promise<Readonly<Record<string, string>>>;
};

const NAME = 'sanjiang';

/** ISO 8601, as PT93784S: a length needs no calendar. */
const durationOf = (ms: number): string => `PT${Math.max(0, Math.floor(ms / 1000))}S`;

export const openIdentity = (database: Database, clock: Clock): Identity => {
  const startedMs = clock.now().getTime();
  let known: Promise<string> | undefined;

  const readId = async (): Promise<string> => {
    const [row] = await database.query<{ id: string }>(
      'select id::text as id from context.identity',
    );
    return row!.id;
  };
  const idOnce = (): Promise<string> => {
    known ??= readId().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  /** A tenant's name holds no full stop, so that no two tenants share an alias. */
  const aliasOf = async (tenant: string): Promise<string> => {
    const id = await idOnce();
    return tenant === '' ? `${NAME}-${id}` : `${NAME}-${id}.${tenant}`;
  };

  return {
    aliasOf,
    describe: async (tenant) => ({
      id: `urn:ngsi-ld:ContextSourceIdentity:${await aliasOf(tenant)}`,
      type: 'ContextSourceIdentity',
      contextSourceAlias: await aliasOf(tenant),
      contextSourceUptime: durationOf(clock.now().getTime() - startedMs),
      contextSourceTimeAt: toInstant(clock.now()),
    }),
  };
};
