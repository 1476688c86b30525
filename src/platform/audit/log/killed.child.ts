// A house for killed.db.test.ts to kill: records acts while its sequencer runs, and says which are acknowledged.
import { SYSTEM } from '#kernel/actor';
import { openHouse } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { openLog } from '#kernel/log';
import { systemClock } from '#kernel/time';
import type { Audit } from '../index.ts';
import audit from '../module.ts';

const WRITERS = 4;
const [, , first = '0'] = process.argv;
const house = await openHouse({
  modules: [audit],
  config: readConfig(process.env),
  clock: systemClock,
  log: openLog('silent'),
  version: '0',
  quiet: true,
  gate: () => ({ identify: async () => SYSTEM, allows: () => true }),
});
const log = house.apis['audit'] as Audit;
let next = Number(first);

const write = async (): Promise<never> => {
  for (;;) {
    const id = String(next++);
    await house.database.transaction(({ sql }) =>
      log.record(sql, {
        actor: SYSTEM,
        action: 'books.changed',
        subject: { kind: 'book', id },
        outcome: 'done',
      }),
    );
    process.stdout.write(`${id}\n`);
  }
};
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: WRITERS }, write));
