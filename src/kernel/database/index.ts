import type pg from 'pg';
import type { Kysely } from 'kysely';

export { arrayText, jsonbColumn, jsonColumn, textColumn } from './columns.ts';
export { DatabaseGone } from './gone.ts';
export { migrate, type ModuleMigrations } from './migrate.ts';
export { openDatabase } from './open.ts';
export { ensureTemplate, templateFolder } from './template.ts';
export { openTestDatabase, testEngines } from './testing.ts';

/** `pglite` is PostgreSQL inside our own process; `postgres` is a server reached by DATABASE_URL. */
export type Engine = 'pglite' | 'postgres';

export type DatabaseSettings = {
  /** postgres://… ; absent, the embedded engine works on `folder`. */
  url?: string;
  /** The embedded engine's data folder, such as ./data/db. */
  folder: string;
  /** A folder made by `ensureTemplate`, copied on the first start; saves about 4 s. */
  template?: string;
  /** One statement's limit; 30 s unless set. */
  queryTimeoutMs?: number;
  /** Connections in the pool; 10 to a server and 8 to the embedded engine unless set. */
  connections?: number;
};

export type Statement = {
  text: string;
  values?: readonly unknown[];
  /** Prepared once a connection under this name; one name, one text. */
  name?: string;
};

/** Raw SQL on one connection. */
export type Sql = {
  query<R = Record<string, unknown>>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<{ rows: R[]; rowCount: number | null }>;
};

export type Transaction = {
  readonly sql: Sql;
  /** Kysely on this transaction's connection, bound to one module's schema. */
  kysely<S>(schema: string): Kysely<S>;
  /**
   * The last statements and COMMIT in one trip to the engine, where nothing is decided on their answers any more. Resolves
   * when the commit is on disk, with an answer each; throws what failed first, and then nothing was stored.
   */
  finish(last: readonly Statement[]): Promise<{ rows: unknown[]; rowCount: number | null }[]>;
};

export type TransactionOptions = {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readOnly?: boolean;
  /** From BEGIN to COMMIT; 60 s unless set. Where set, its statements may take as long, too. */
  timeoutMs?: number;
};

export type DatabaseStatus = {
  engine: Engine;
  version: string;
  postgis: string;
  bytes: number;
  fsyncs?: number;
  fsyncMsP50?: number;
  memoryBytes?: number;
};

export type Database = {
  readonly engine: Engine;
  /** Kysely over the shared pool, bound to one module's schema. Use `transaction` for more than one statement. */
  schema<T>(name: string): Kysely<T>;
  /** One statement in its own transaction. `name` prepares it; the same name always carries the same text. */
  query<R = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<R[]>;
  /** BEGIN … COMMIT on one connection; rolls back on a throw and past the deadline. Resolves only when the commit is on disk. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** What runs, how large it is, and for the embedded engine how long the disk takes to sync. */
  status(): Promise<DatabaseStatus>;
  /** VACUUM and ANALYZE, table by table, so that others get their turn. */
  vacuum(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type DatabaseLog = {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
};

/** The pool both engines are reached by. */
export type Pool = pg.Pool;
