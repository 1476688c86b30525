import { AsyncLocalStorage } from 'node:async_hooks';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import { must } from '#kernel/errors';
import type { Backend } from './backend.ts';
import { DatabaseGone } from './gone.ts';
import type {
  Database,
  DatabaseLog,
  DatabaseSettings,
  DatabaseStatus,
  Statement,
  Transaction,
  TransactionOptions,
} from './index.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import { type Answer, type Session, lease } from './session.ts';
import { vacuum } from './vacuum.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Opens PostgreSQL where `url` is set and the embedded engine on `folder` otherwise; PostGIS is there when it resolves.
 * Throws DatabaseGone with a sentence for a person: no server, wrong version, no PostGIS, folder in use.
 */
export const openDatabase = async (
  settings: DatabaseSettings,
  log: DatabaseLog,
): Promise<Database> =>
  overPool(
    settings.url === undefined
      ? await openPglite(settings, log)
      : await openPostgres(settings.url, settings, log),
  );

const kyselyOver = (connect: () => Promise<Session>): Kysely<unknown> =>
  new Kysely({
    dialect: new PostgresDialect({
      pool: {
        options: {},
        connect: async () => (await connect()) as unknown as PostgresPoolClient,
        end: async () => {},
      },
    }),
  });

const overPool = (backend: Backend): Database => {
  /** Open transactions up the call chain. */
  const inside = new AsyncLocalStorage<{ open: boolean }>();

  // The embedded engine has one session: waiting for it inside its own transaction would wait for ever.
  const connect = (): Promise<Session> => {
    must(
      !inside.getStore()?.open,
      'a statement outside the open transaction would wait for it: use the transaction itself',
    );
    return lease(backend);
  };

  const pooled = kyselyOver(connect);

  const query = async <R>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<R[]> => {
    const session = await connect();
    let broken: unknown;
    try {
      return (await session.query<R>({ text, ...(values && { values }), ...(name && { name }) }))
        .rows;
    } catch (error) {
      broken = error;
      throw error;
    } finally {
      session.release(broken instanceof DatabaseGone);
    }
  };

  const transaction = async <T>(
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> => {
    const session = await connect();
    const timeoutMs = options.timeoutMs ?? TRANSACTION_TIMEOUT_MS;
    const scope = { open: true };
    let given = false;
    const giveBack = (broken: boolean): void => {
      if (given) return;
      given = true;
      scope.open = false;
      session.release(broken);
    };
    const own: Session = {
      query: async (statement, values) => {
        must(scope.open, 'a statement was sent after its transaction ended');
        return session.query(statement, values);
      },
      bare: session.bare,
      release: () => {},
    };
    /** Sends without waiting, so that the last statements and the commit make one trip; the first to fail is told. */
    let committed = false;
    const finish = async (last: readonly Statement[]): Promise<Answer<unknown>[]> => {
      must(!committed, 'a transaction is finished once');
      committed = true;
      const sent = [...last.map((statement) => own.query(statement)), session.query('commit')];
      scope.open = false;
      const done = await Promise.allSettled([begun, ...sent]);
      for (const one of done) if (one.status === 'rejected') throw one.reason;
      const answers = await Promise.all(sent);
      must(
        answers.pop()?.command === 'COMMIT',
        'an error inside the transaction was swallowed; it was rolled back',
      );
      return answers;
    };
    const kysely = (schema: string) => kyselyOver(async () => own).withSchema(schema);
    // A statement may take as long as a transaction whose limit was given.
    const disallow = backend.allow(options.timeoutMs ?? 0);
    let timer: NodeJS.Timeout | undefined;
    // Not waited for: the first statements follow it on the wire, and what it says is heard at the end.
    const begun = Promise.all([
      session.query(beginOf(options)),
      ...(backend.engine === 'postgres' && options.timeoutMs !== undefined
        ? [session.query(`set local statement_timeout = ${Math.ceil(options.timeoutMs)}`)]
        : []),
    ]);
    begun.catch(() => {});
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          giveBack(true); // closes the connection; the engine rolls back
          reject(new DatabaseGone('timeout', `The transaction took longer than ${timeoutMs} ms.`));
        }, timeoutMs);
      });
      const done = await Promise.race([
        inside.run(scope, async () => {
          const result = await work({
            sql: own,
            kysely: kysely as Transaction['kysely'],
            finish: finish as Transaction['finish'],
          });
          if (!committed) await finish([]);
          return result;
        }),
        late,
      ]);
      clearTimeout(timer);
      giveBack(false);
      return done;
    } catch (error) {
      clearTimeout(timer);
      if (!given)
        await session.query('rollback').then(
          () => giveBack(error instanceof DatabaseGone),
          () => giveBack(true),
        );
      throw error;
    } finally {
      disallow();
    }
  };

  return {
    engine: backend.engine,
    schema: <T>(name: string) => pooled.withSchema(name) as unknown as Kysely<T>,
    query,
    transaction,
    status: async () => {
      const [row] = await query<Omit<DatabaseStatus, 'engine'>>(
        `select version() as version,
                (select extversion from pg_extension where extname = 'postgis') as postgis,
                case when $1 then pg_database_size(current_database()) else 0 end as bytes`,
        [backend.engine === 'postgres'],
      );
      must(row, 'a select without from has one row');
      return { engine: backend.engine, ...row, ...backend.facts() };
    },
    vacuum: () => vacuum(backend),
    [Symbol.asyncDispose]: backend.close,
  };
};

const beginOf = (options: TransactionOptions): string =>
  [
    'begin',
    options.isolation && `isolation level ${options.isolation}`,
    options.readOnly && 'read only',
  ]
    .filter(Boolean)
    .join(' ');
