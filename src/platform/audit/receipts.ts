import type { Actor } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Receipt } from './contract.ts';

type Row = Omit<Receipt, 'actor' | 'subject'> & {
  actor_kind: string;
  actor_name: string;
  subject_kind: string;
  subject: string;
};

/** Who looked at the actor's own data, the newest first. */
export const listReceipts = async (
  database: Database,
  actor: Actor,
  { below, limit }: { below?: number | undefined; limit: number },
) => {
  const rows = await database.query<Row>(
    `select id, at, actor_kind, actor_name, bodies, action, subject_kind, subject, fields, purpose
     from audit.accesses where whose = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [actor.id, below ?? null, limit + 1],
    'audit.receipts',
  );
  const items = rows
    .slice(0, limit)
    .map(({ actor_kind, actor_name, subject_kind, subject, ...row }): Receipt => ({
      ...row,
      actor: { kind: actor_kind, name: actor_name },
      subject: { kind: subject_kind, id: subject },
    }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};
