import type { Kysely } from 'kysely';
import type { RefusedMessage } from './contract.ts';
import type { SensingTables } from './tables.ts';

/** What was not taken, newest first; of one device, or of all names that messages came under. */
export const listRefusals = (
  db: Kysely<SensingTables>,
  { device, limit }: { device?: string; limit: number },
): Promise<RefusedMessage[]> => {
  const all = db
    .selectFrom('refusals')
    .select(['device', 'at', 'via', 'reason', 'payload'])
    .orderBy('id', 'desc')
    .limit(limit);
  return (device === undefined ? all : all.where('device', '=', device)).execute();
};
