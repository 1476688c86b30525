// A process for crash.db.test.ts to kill: writes rows on the folder given and says on stdout which ones are acknowledged.
import { openDatabase } from './index.ts';

const [, , folder = '', first = '0'] = process.argv;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

try {
  const db = await openDatabase({ folder }, silent);
  await db.query('create table if not exists promises (id int primary key, filler text not null)');
  let next = Number(first);
  say('ready');
  const writer = async (): Promise<never> => {
    for (;;) {
      const id = next++;
      if (id % 3 === 0)
        await db.transaction(async ({ sql }) => {
          await sql.query('insert into promises values ($1, $2)', [id, 'x'.repeat(500)]);
          await sql.query('update promises set filler = $2 where id = $1', [id, 'kept']);
        });
      else await db.query(`insert into promises values ($1, 'kept')`, [id], 'promise');
      say(String(id));
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
} catch (error) {
  say(`refused: ${(error as Error).message}`);
  process.exit(3);
}
