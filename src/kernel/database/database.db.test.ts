import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, DatabaseGone, openTestDatabase, testEngines } from './index.ts';

describe.each(testEngines)('the database on %s', (engine) => {
  let db: Database;

  beforeAll(async () => {
    db = await openTestDatabase(engine, { queryTimeoutMs: 1_500 });
    await db.query('create schema city');
    await db.query('create table city.meters (id int primary key, reading bigint not null)');
  }, 60_000);
  afterAll(() => db[Symbol.asyncDispose]());

  it('gives values in the same form on both engines', async () => {
    const [row] = await db.query(`select
      9007199254740991::int8 as big, '{1,null,3}'::int8[] as bigs, 1.25::numeric as price, '{0.5,7}'::numeric[] as prices,
      '2026-08-01 08:00:00.123999+08'::timestamptz as moment, array['2026-01-01'::timestamptz] as moments,
      '2026-08-01'::date as day, '2026-08-01 08:00'::timestamp as wall, '08:30'::time as clock, '90 min'::interval as span,
      '{"a":[1]}'::jsonb as doc, true as yes, '宁波'::text as name, 1.5::float8 as ratio, null::int8 as nothing,
      'infinity'::timestamptz as never, '\\x00ff'::bytea as bytes`);
    expect(row).toEqual({
      big: 9007199254740991,
      bigs: [1, null, 3],
      price: 1.25,
      prices: [0.5, 7],
      moment: '2026-08-01T00:00:00.123Z',
      moments: ['2026-01-01T00:00:00.000Z'],
      day: '2026-08-01',
      wall: '2026-08-01 08:00:00',
      clock: '08:30:00',
      span: '01:30:00',
      doc: { a: [1] },
      yes: true,
      name: '宁波',
      ratio: 1.5,
      nothing: null,
      never: 'infinity',
      bytes: Buffer.from([0, 255]),
    });
  });

  it('refuses a bigint that a number would falsify, and goes on', async () => {
    await expect(db.query('select 9007199254740993::int8')).rejects.toThrow('select it as text');
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('answers one error after another, as errors of SQL', async () => {
    for (let i = 0; i < 20; i += 1) {
      await expect(db.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
      await expect(db.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
    }
  });

  it('gives each statement its own answer where they are sent ahead of it', async () => {
    const tell = (settled: PromiseSettledResult<{ rows: { n: number }[] }>[]) =>
      settled.map((one) =>
        one.status === 'fulfilled' ? one.value.rows[0]?.n : (one.reason as { code: string }).code,
      );
    for (let round = 0; round < 5; round += 1) {
      await expect(
        db.transaction(async ({ sql }) => {
          const asked = [1, 0, 2].map((by) =>
            sql.query<{ n: number }>({
              text: 'select 6 / $1::int as n',
              values: [by],
              name: 'six',
            }),
          );
          expect(tell(await Promise.allSettled(asked))).toEqual([6, '22012', '25P02']);
        }),
      ).rejects.toThrow('swallowed');
      const many = Array.from({ length: 30 }, (_, n) => db.query('select $1::int as n', [n], 'n'));
      expect(await Promise.all(many)).toEqual(Array.from({ length: 30 }, (_, n) => [{ n }]));
    }
  });

  it('finishes with the last statements, or with nothing and the first error', async () => {
    await db.query('create table if not exists city.ends (n int primary key)');
    const add = (n: number) => ({
      text: 'insert into city.ends values ($1) returning n',
      values: [n],
    });
    const ended = await db.transaction(async ({ finish }) => finish([add(1), add(2)]));
    expect(ended.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    await expect(
      db.transaction(async ({ finish }) => finish([add(3), add(1), add(4)])),
    ).rejects.toMatchObject({ code: '23505' });
    await expect(
      db.transaction(async ({ sql, finish }) => {
        await finish([add(5)]);
        await sql.query('select 1');
      }),
    ).rejects.toThrow('after its transaction ended');
    expect(await db.query('select n from city.ends order by n')).toEqual(
      [1, 2, 5].map((n) => ({ n })),
    );
  });

  it('keeps concurrent transactions apart and loses no addition', async () => {
    await db.query('insert into city.meters values (1, 0)');
    const additions = Array.from({ length: 100 }, (_, i) =>
      db.transaction(async ({ sql, kysely }) => {
        const { rows } = await sql.query<{ reading: number }>({
          text: 'select reading from city.meters where id = $1 for update',
          values: [1],
          name: 'meter-for-update',
        });
        await kysely<{ meters: { id: number; reading: number } }>('city')
          .updateTable('meters')
          .set({ reading: rows[0]!.reading + 1 })
          .where('id', '=', 1)
          .execute();
        if (i % 10 === 9) throw new Error('changed my mind');
      }),
    );
    const outcomes = await Promise.allSettled(additions);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(90);
    expect(await db.query('select reading from city.meters where id = 1')).toEqual([
      { reading: 90 },
    ]);
  });

  it('answers many prepared and plain questions at once, each with its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        i % 2 ? db.query('select $1::int as n', [i], 'echo') : db.query('select $1::int as n', [i]),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 500 }, (_, i) => [{ n: i }]));
  });

  it('binds Kysely to a schema', async () => {
    const city = db.schema<{ meters: { id: number; reading: number } }>('city');
    await city.insertInto('meters').values({ id: 2, reading: 5 }).execute();
    expect(await city.selectFrom('meters').selectAll().where('id', '=', 2).execute()).toEqual([
      { id: 2, reading: 5 },
    ]);
  });

  it('does not report a transaction as done when an error in it was swallowed', async () => {
    const attempt = db.transaction(async ({ sql }) => {
      await sql.query('insert into city.meters values (3, 1)');
      await sql.query('select 1 / 0').catch(() => {});
    });
    await expect(attempt).rejects.toThrow('swallowed');
    expect(await db.query('select 1 from city.meters where id = 3')).toEqual([]);
  });

  it('refuses to wait for itself inside a transaction', async () => {
    await expect(db.transaction(() => db.query('select 1'))).rejects.toThrow(
      'use the transaction itself',
    );
  });

  it('ends a transaction that never ends, and undoes it', async () => {
    const attempt = db.transaction(
      async ({ sql }) => {
        await sql.query('insert into city.meters values (4, 1)');
        await new Promise(() => {});
      },
      { timeoutMs: 200 },
    );
    await expect(attempt).rejects.toMatchObject({ kind: 'timeout' });
    expect(await db.query('select 1 from city.meters where id = 4')).toEqual([]);
  });

  it('ends a statement past its limit, and works again', async () => {
    const started = Date.now();
    const endless = db.query('select count(*) from generate_series(1, 2000000000)');
    await expect(endless).rejects.toMatchObject({ kind: 'timeout' });
    expect(Date.now() - started).toBeLessThan(4_000);
    expect(await db.query('select reading from city.meters where id = 1')).toEqual([
      { reading: 90 },
    ]);
  }, 20_000);

  it('gives a transaction with a longer limit its time', async () => {
    const slow = db.transaction(
      async ({ sql }) =>
        (await sql.query('select count(*) as n from generate_series(1, 12000000)')).rows,
      { timeoutMs: 30_000 },
    );
    expect(await slow).toEqual([{ n: 12_000_000 }]);
  }, 40_000);

  it('never takes a failure inside GEOS for an empty answer', async () => {
    // Crossing rings: GEOS throws a TopologyException for some of these and computes others; both are fine, silence is not.
    const question = db.query<{ shape: string | null }>(
      `select st_astext(st_intersection(
         'POLYGON((0 0,1 1,1 0,0 1,0 0))'::geometry,
         'POLYGON((0 0,2 0,2 2,0 2,0 0),(0.5 0.5,3 3,0.5 3,0.5 0.5))'::geometry)) as shape`,
    );
    const outcome = await question.then(
      (rows) => rows.length,
      (error: Error) => error,
    );
    if (outcome !== 1) expect(outcome).toBeInstanceOf(Error);
    if (engine === 'pglite') expect(outcome).toBeInstanceOf(DatabaseGone);
    expect(await db.query('select reading from city.meters where id = 1')).toEqual([
      { reading: 90 },
    ]);
  }, 20_000);

  it('tells what it is and sweeps its tables', async () => {
    const status = await db.status();
    expect(status).toMatchObject({ engine, version: expect.stringContaining('PostgreSQL') });
    expect(status.bytes).toBeGreaterThan(1_000_000);
    expect(status.postgis).toMatch(/^3\.\d/);
    if (engine === 'pglite') expect(status.fsyncs).toBeGreaterThan(100);
    await db.vacuum();
    await pause(0);
    const [swept] = await db.query(
      `select reltuples as rows from pg_class where oid = 'city.meters'::regclass`,
    );
    expect(swept).toEqual({ rows: 2 });
  }, 30_000);
});
