import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import type { Audit } from '../index.ts';
import audit from '../module.ts';

const CLERK: Actor = { kind: 'person', id: 'clerk-1', name: 'Clerk', roles: ['person'] };
const act = (id: string) =>
  ({
    actor: CLERK,
    action: 'books.changed',
    subject: { kind: 'book', id },
    outcome: 'done',
  }) as const;

describe.each(testEngines)('the log on %s', (engine) => {
  let house: House;
  let log: Audit;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [audit], engine });
    log = house.apis['audit'] as Audit;
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const leaves = () =>
    house.database.query<{ leaf_index: number; entry: number; subject: string }>(
      'select l.leaf_index, l.entry, e.subject from audit.leaves l join audit.entries e on e.id = l.entry order by 1',
    );
  const settled = () =>
    expect
      .poll(() => house.database.query('select 1 from audit.pending'), { timeout: 5000 })
      .toEqual([]);

  test('an act that was undone leaves no entry, and the others get their places in order', async () => {
    for (const id of ['a', 'b', 'undone', 'c'])
      await house.database
        .transaction(async ({ sql }) => {
          await log.record(sql, act(id));
          if (id === 'undone') throw new Error('undone');
        })
        .catch(() => {});
    await settled();
    const rows = await leaves();
    expect(rows.map((row) => row.leaf_index)).toEqual([0, 1, 2, 3]);
    expect(rows.slice(1).map((row) => row.subject)).toEqual(['a', 'b', 'c']);
    expect(
      await house.database.query('select size from audit.heads order by size desc limit 1'),
    ).toEqual([{ size: 4 }]);
  });

  test.each([
    `update audit.entries set content = 'x' where id = 1`,
    `update audit.entries set salt = null, personal = null where id = 1`,
    'delete from audit.entries where id = 1',
    `update audit.leaves set hash = 'x'`,
    'delete from audit.leaves',
    'delete from audit.nodes',
    `update audit.heads set note = 'x'`,
    'delete from audit.keys',
    'truncate audit.entries',
    'truncate audit.leaves, audit.nodes, audit.heads',
  ])('nobody may: %s', async (statement) => {
    await expect(house.database.query(statement)).rejects.toThrow(/append-only/);
  });
});
