import { lease } from './session.ts';
import type { Backend } from './backend.ts';

/** One table of a large city; measured in seconds, allowed in minutes. */
const TABLE_TIMEOUT_MS = 10 * 60_000;

/** VACUUM ANALYZE table by table: the embedded engine has no autovacuum, and parents of partitions have none anywhere. */
export const vacuum = async (backend: Backend): Promise<void> => {
  const disallow = backend.allow(TABLE_TIMEOUT_MS);
  const session = await lease(backend);
  // A server's session keeps its own limit; it is lifted for this one, which is then closed. (Behind a pooler there is none.)
  const unlimited = backend.engine === 'postgres' && backend.locals === '';
  let broken = unlimited;
  try {
    if (unlimited) await session.bare('set statement_timeout = 0');
    const { rows } = await session.bare<{ name: string; parent: boolean }>(
      `select format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'p' as parent
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'p') and n.nspname not in ('information_schema')
          and n.nspname !~ '^pg_(toast|temp)'
          and (n.nspname <> 'pg_catalog' or $1)
          and pg_has_role(c.relowner, 'USAGE')
        order by 1`,
      [backend.engine === 'pglite'],
    );
    for (const { name, parent } of rows)
      await session.bare(parent ? `analyze ${name}` : `vacuum (analyze) ${name}`);
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    session.release(broken);
    disallow();
  }
};
