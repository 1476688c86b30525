/** One process of a house for lease.db.test.ts: takes the events of one consumer and writes down from when to when. */
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '#kernel/database';
import { openLog } from '#kernel/log';
import { openOutbox } from './index.ts';

const [, , url = '', leaseMs = '0', handleMs = '0'] = process.argv;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const database = await openDatabase({ url, folder: '' }, quiet);
const outbox = openOutbox(database, openLog('silent'), { leaseMs: Number(leaseMs) });

await outbox.consume(
  [
    {
      name: 'raced',
      handle: async (events) => {
        const [row] = await database.query<{ id: number }>(
          `insert into public.spans (process, seqs, started) values ($1, $2, clock_timestamp()) returning id`,
          [process.pid, events.map(({ seq }) => seq)],
        );
        await pause(Number(handleMs));
        await database.query('update public.spans set ended = clock_timestamp() where id = $1', [
          row?.id,
        ]);
      },
    },
  ],
  true,
);
process.stdout.write('ready\n');
process.on('SIGTERM', async () => {
  await outbox.close();
  await database[Symbol.asyncDispose]();
  process.exit(0);
});
