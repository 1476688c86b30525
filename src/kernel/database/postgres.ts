import { Client, type ClientConfig, Pool } from 'pg';
import type { Backend } from './backend.ts';
import { DatabaseGone, fromWire } from './gone.ts';
import type { DatabaseLog, DatabaseSettings } from './index.ts';
import { types } from './parse.ts';

const CONNECTIONS = 10;
const QUERY_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const OLDEST_VERSION = 150_000;
/** An advisory lock's key: any number that nobody else uses. */
const EXTENSION_LOCK = 7_214_301;

type Way = { named: boolean; sessions: boolean };

/** Opens a pool to a PostgreSQL server, straight or through a pooler in transaction mode. */
export const openPostgres = async (
  url: string,
  settings: DatabaseSettings,
  log: DatabaseLog,
): Promise<Backend> => {
  const place = placeOf(url);
  const queryTimeoutMs = settings.queryTimeoutMs ?? QUERY_TIMEOUT_MS;
  const sessionSettings = {
    jit: 'off',
    // Questions here are short and many: workers for one would be taken from the others.
    max_parallel_workers_per_gather: '0',
    timezone: 'UTC',
    statement_timeout: String(queryTimeoutMs),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
  };
  const { bareUrl, given } = splitOptions(url);
  const options = [
    ...Object.entries(sessionSettings).map(([key, value]) => `-c ${key}=${value}`),
    given,
  ]
    .join(' ')
    .trim();
  const base = {
    connectionString: bareUrl,
    application_name: 'sanjiang',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types,
    pipeline: true,
    keepAlive: true,
  };

  const way = await findWay({ ...base, options }, base, place);
  const pool = new Pool({
    ...base,
    ...(way.sessions && { options }),
    max: settings.connections ?? CONNECTIONS,
  });
  pool.on('error', (error) => log.warn({ error: error.message }, `${place} closed a connection.`));
  if (!way.named)
    log.info({}, `${place} is behind a pooler: settings travel with each transaction.`);

  return {
    engine: 'postgres',
    place,
    pool,
    named: way.named,
    locals: way.sessions && way.named ? '' : localsOf(sessionSettings),
    allow: () => () => {}, // the server's own statement_timeout keeps the limit
    facts: () => ({}),
    close: () => pool.end(),
  };
};

const localsOf = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([key, value]) => `set local ${key} = '${value}'`)
    .join('; ');

/**
 * Connects once to see what is there. A pooler in transaction mode refuses start-up options or hands out a cancel key
 * that is not the server process's, so that neither session settings nor prepared names can be relied on.
 */
const findWay = async (
  withOptions: ClientConfig,
  without: ClientConfig,
  place: string,
): Promise<Way> => {
  for (const [config, sessions] of [
    [withOptions, true],
    [without, false],
  ] as const) {
    const client = new Client(config);
    client.on('error', () => {});
    try {
      await client.connect();
      await prepare(client, place);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const straight = rows[0]?.pid === (client as unknown as { processID: number }).processID;
      return { named: straight && sessions, sessions };
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (sessions && code === '08P01') continue; // unsupported startup parameter
      throw explain(error, place);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new DatabaseGone('unavailable', `${place} accepts no connection.`);
};

/** The server is new enough and has PostGIS in schema public, where every module expects it. */
const prepare = async (client: Client, place: string): Promise<void> => {
  const refuse = (why: string): never => {
    throw new DatabaseGone('unavailable', `${place} ${why}`);
  };
  await client.query('begin');
  await client.query(`select pg_advisory_xact_lock(${EXTENSION_LOCK})`);
  const { rows } = await client.query<{ version: number; encoding: string; schema: string | null }>(
    `select current_setting('server_version_num')::int as version,
            current_setting('server_encoding') as encoding,
            (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
              where e.extname = 'postgis') as schema`,
  );
  const found = rows[0];
  if (!found || found.version < OLDEST_VERSION)
    refuse('is older than PostgreSQL 15, the oldest that the house knows.');
  if (found?.encoding !== 'UTF8')
    refuse(`stores text as ${found?.encoding}; the house needs UTF8.`);
  if (found?.schema && found.schema !== 'public')
    refuse(`has PostGIS in schema ${found.schema}; the house needs it in public.`);
  if (!found?.schema)
    await client
      .query('create extension if not exists postgis schema public')
      .catch((error: Error) => {
        throw new DatabaseGone(
          'unavailable',
          `${place} has no PostGIS and it could not be created (${error.message}). Install PostGIS 3 on the server and let its owner run: CREATE EXTENSION postgis SCHEMA public.`,
          error,
        );
      });
  await client.query('commit');
};

const explain = (error: unknown, place: string): unknown => {
  const { code, message } = error as { code?: string; message?: string };
  if (code === '28P01' || code === '28000' || code === '3D000')
    return new DatabaseGone('unavailable', `${place} does not let us in: ${message}.`, error);
  return fromWire(error, place);
};

/** `options` in the URL would replace ours; they come after ours instead. */
const splitOptions = (url: string): { bareUrl: string; given: string } => {
  if (!URL.canParse(url)) return { bareUrl: url, given: '' };
  const parsed = new URL(url);
  const given = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  return { bareUrl: given === '' ? url : parsed.href, given };
};

/** Where, without who and with what password. */
const placeOf = (url: string): string => {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    return `PostgreSQL at ${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return 'PostgreSQL at DATABASE_URL';
  }
};
