import type { Database } from '#kernel/database';

/** As the server's own autovacuum has it, with more rows changed before it is worth the work. */
const CHANGED_ROWS_MIN = 1000;
const CHANGED_SHARE_MIN = 0.2;

/** Tells the embedded engine's planner of tables that have changed much; a server has its autovacuum for it. */
export const analyzeChanged = async (database: Database): Promise<void> => {
  if (database.engine === 'postgres') return;
  const changed = await database.query<{ name: string }>(
    `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
     where n_mod_since_analyze > $1::int + $2::float8 * n_live_tup`,
    [CHANGED_ROWS_MIN, CHANGED_SHARE_MIN],
  );
  for (const { name } of changed) await database.query(`analyze ${name}`);
};
