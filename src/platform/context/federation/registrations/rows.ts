import type { Sql } from '#kernel/database';
import { compileRegistration } from './compile.ts';
import type { Kept } from './full-names.ts';
import type { Registration } from './model.ts';

/** A registration as it stands in the database, with how requests to it went (Table 5.2.9-2). */
export type Stored = {
  readonly tenant: string;
  readonly id: string;
  readonly document: Kept;
  /** What stood under @context when it was registered. */
  readonly context: unknown;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly timedOut: number;
  readonly lastSuccess: string | null;
  readonly lastFailure: string | null;
  readonly lastError: string | null;
};

export const STORED = `select r.tenant, r.id, r.document, r.context, r.created_at as "createdAt", r.modified_at as "modifiedAt",
    coalesce(h.times_sent, 0) as "timesSent", coalesce(h.times_failed, 0) as "timesFailed",
    coalesce(h.timed_out, 0) as "timedOut", h.last_success as "lastSuccess", h.last_failure as "lastFailure",
    h.last_error as "lastError"
  from context.registrations r left join context.registrations_health h on h.tenant = r.tenant and h.id = r.id`;

/** One at a time changes registrations, or who is told of them: each sees all that was there before. */
export const takeTurn = (sql: Sql) =>
  sql.query('select revision from context.registrations_revision for update');

/** Every process reads them anew. */
export const announce = (sql: Sql) =>
  sql.query('update context.registrations_revision set revision = revision + 1');

export const listCompiled = async (sql: Sql, tenant: string): Promise<readonly Registration[]> => {
  const { rows } = await sql.query<{ id: string; document: Kept }>(
    'select id, document from context.registrations where tenant = $1 order by id',
    [tenant],
  );
  return rows.map(({ id, document }) => compileRegistration(document, tenant, id));
};
