import type pg from 'pg';
import type { Backend } from './backend.ts';
import { fromWire } from './gone.ts';
import type { Statement } from './index.ts';

export type Answer<R> = { rows: R[]; rowCount: number | null; command: string };

/** One pooled connection, with errors in our words; `query` also serves as Kysely's client. */
export type Session = {
  query<R>(statement: string | Statement, values?: readonly unknown[]): Promise<Answer<R>>;
  /** As it is, outside any transaction of ours: VACUUM wants that. */
  bare<R>(statement: string, values?: readonly unknown[]): Promise<Answer<R>>;
  release(broken?: boolean): void;
};

const sessions = new WeakMap<pg.PoolClient, Session>();
let count = 0;

/** Waits for a free connection. */
export const lease = async (backend: Backend): Promise<Session> => {
  let client: pg.PoolClient;
  try {
    client = await backend.pool.connect();
  } catch (error) {
    throw fromWire(error, backend.place);
  }
  let session = sessions.get(client);
  if (!session) sessions.set(client, (session = open(client, backend)));
  return session;
};

const open = (client: pg.PoolClient, backend: Backend): Session => {
  // The embedded engine has one session, so a name must be a connection's own; a number is never used again.
  const suffix = `#${(count += 1)}`;
  let inTransaction = false;
  // pg reports a broken connection on the client; the statement that waits is told by itself.
  client.on('error', () => {});

  const send = async <R>(statement: Statement): Promise<Answer<R>> => {
    try {
      return (await client.query({
        text: statement.text,
        ...(statement.values && { values: statement.values as unknown[] }),
        ...(statement.name && backend.named && { name: statement.name + suffix }),
      })) as unknown as Answer<R>;
    } catch (error) {
      throw fromWire(error, backend.place);
    }
  };

  const alone = async <R>(statement: Statement): Promise<Answer<R>> => {
    await send({ text: `begin; ${backend.locals}` });
    try {
      const answer = await send<R>(statement);
      await send({ text: 'commit' });
      return answer;
    } catch (error) {
      await send({ text: 'rollback' }).catch(() => {}); // the first error is the one to tell
      throw error;
    }
  };

  return {
    async query<R>(statement: string | Statement, values?: readonly unknown[]) {
      const asked: Statement =
        typeof statement === 'string' ? { text: statement, ...(values && { values }) } : statement;
      if (/^(?:begin|start transaction)\b/i.test(asked.text)) {
        inTransaction = true;
        const text = backend.locals ? `${asked.text}; ${backend.locals}` : asked.text;
        return send<R>({ text });
      }
      if (/^(?:commit|rollback)\s*;?$/i.test(asked.text)) inTransaction = false;
      else if (backend.locals && !inTransaction) return alone<R>(asked);
      return send<R>(asked);
    },
    bare: (text, values) => send({ text, ...(values && { values }) }),
    release: (broken) => {
      inTransaction = false;
      client.release(broken);
    },
  };
};
