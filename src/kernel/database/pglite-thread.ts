import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { must } from '#kernel/errors';
import { openEngine } from './pglite-engine.ts';
import { type Batch, fatal, hello, inspect, join, openReader, simpleQuery, sync } from './wire.ts';

/** The engine's thread: one session, many connections, each served in the order in which it asked. */
export type ThreadData = { folder: string; meter: SharedArrayBuffer; idleInTransactionMs: number };
export type ToThread = { port: MessagePort } | { close: true };
export type FromThread = { ready: true } | { broken: string; full: boolean } | { closed: true };

const { folder, meter, idleInTransactionMs } = workerData as ThreadData;
const parent = parentPort;
must(parent, 'pglite-thread runs in a worker thread');
const tell = (news: FromThread): void => parent.postMessage(news, []);

const engine = await openEngine(folder, meter);

/** A connection keeps the session from its first batch until the engine says that no transaction is open. */
type Connection = { close(why: string): void };
let owner: Connection | undefined;
let ownerTimer: NodeJS.Timeout | undefined;
const waiting: { connection: Connection; go: () => void }[] = [];

const take = async (connection: Connection): Promise<void> => {
  clearTimeout(ownerTimer);
  if (owner === connection) return;
  if (!owner) owner = connection;
  else await new Promise<void>((go) => waiting.push({ connection, go }));
};

const release = async (): Promise<void> => {
  await engine.checkpointWhenDue();
  const next = waiting.shift();
  owner = next?.connection;
  next?.go();
};

const serve = (port: MessagePort): void => {
  const read = openReader();
  let closed = false;
  let chain = Promise.resolve();
  const send = (bytes: Uint8Array<ArrayBuffer>): void => port.postMessage(bytes, [bytes.buffer]);

  const connection: Connection = {
    close: (why) => {
      send(fatal('25P03', why));
      end();
    },
  };

  const end = (): void => {
    if (closed) return;
    closed = true;
    port.close();
    chain = chain.then(async () => {
      if (owner !== connection) return;
      clearTimeout(ownerTimer);
      await engine.run(sync());
      await engine.run(simpleQuery('ROLLBACK'));
      await release();
    });
  };

  /** What was sent together is answered together; in between, the session stays with whoever has a transaction open. */
  const answer = async (batches: readonly Batch[]): Promise<void> => {
    const answers: Uint8Array[] = [];
    for (const batch of batches) {
      await take(connection);
      if (closed) return release();
      const { bytes, fault } = await engine.run(batch.bytes);
      const { whole, idle, told } = inspect(bytes, batch);
      if (fault || !whole) {
        // Neither answered nor released: the host ends this thread, and recovery undoes what was not committed.
        tell({
          broken: fault?.sentence ?? 'the engine gave no answer',
          full: fault?.full ?? false,
        });
        return new Promise<never>(() => {});
      }
      answers.push(told);
      if (idle) await release();
    }
    send(answers.length === 1 ? (answers[0] as Uint8Array<ArrayBuffer>) : join(answers));
    if (owner !== connection) return;
    ownerTimer = setTimeout(
      () => connection.close('The transaction stood idle for longer than its limit.'),
      idleInTransactionMs,
    );
  };

  port.on('message', (bytes: Uint8Array) => {
    const { batches, greeting, bye } = read(bytes);
    if (greeting) send(greeting.length > 0 ? Uint8Array.from(greeting) : hello(engine.version));
    if (batches.length > 0) chain = chain.then(() => answer(batches));
    if (bye) void chain.then(end);
  });
  port.on('close', end);
};

parent.on('message', async (order: ToThread) => {
  if ('port' in order) return serve(order.port);
  await engine.close();
  tell({ closed: true });
});
tell({ ready: true });
