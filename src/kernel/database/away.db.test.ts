import { type Socket, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, DatabaseGone, openDatabase, testEngines } from './index.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const server = process.env['TEST_DATABASE_URL'] ?? '';

/** A network that can be cut between us and the server. */
const openNetwork = async (to: URL) => {
  const wires = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(to.port || 5432), to.hostname);
    for (const wire of [near, far]) {
      wires.add(wire);
      wire.on('error', () => {});
      wire.on('close', () => wires.delete(wire));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((done) => proxy.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = proxy.address() as { port: number };
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const cut = (): Promise<void> =>
    new Promise((done) => {
      proxy.close(() => done());
      for (const wire of wires) wire.destroy();
    });
  return { url: url.href, cut, mend: () => listen(port) };
};

describe.skipIf(!testEngines.includes('postgres'))('a server that goes away (PostgreSQL)', () => {
  let network: Awaited<ReturnType<typeof openNetwork>>;
  let db: Database;
  beforeAll(async () => {
    network = await openNetwork(new URL(server));
    db = await openDatabase({ url: network.url, folder: '' }, silent);
  });
  afterAll(async () => {
    await db[Symbol.asyncDispose]();
    await network.cut();
  });

  it('tells those who wait, refuses those who come, and serves again when it is back', async () => {
    const waiting = [
      db.query('select pg_sleep(20)'),
      db.transaction(({ sql }) => sql.query('select pg_sleep(20)')),
    ];
    const told = Promise.allSettled(waiting);
    await db.query('select 1');
    await network.cut();
    for (const outcome of await told)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
    await expect(db.query('select 1')).rejects.toThrow('does not answer');

    await network.mend();
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that ends our sessions costs an error at most', async () => {
    await Promise.all(Array.from({ length: 5 }, () => db.query('select pg_sleep(0.05)')));
    await db
      .query(`select pg_terminate_backend(pid) from pg_stat_activity
               where application_name = 'sanjiang' and datname = current_database()`)
      .catch((error: unknown) => expect(error).toBeInstanceOf(DatabaseGone));
    await new Promise((later) => setTimeout(later, 100));
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('and one that is not there at boot is named without its password', async () => {
    const nowhere = 'postgres://city:secret@127.0.0.1:1/city';
    const boot = openDatabase({ url: nowhere, folder: '' }, silent);
    await expect(boot).rejects.toThrow(
      'PostgreSQL at 127.0.0.1:1/city does not answer (ECONNREFUSED)',
    );
    await expect(boot).rejects.not.toThrow('secret');
  });
});
