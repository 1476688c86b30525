import { fileURLToPath } from 'node:url';
import { array, constantFrom, oneof, sample, tuple } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { openBind } from './bind.ts';
import { matchesQuery } from './matches.ts';
import { ATTRIBUTES, CASES, ENTITY, expand, LINKED } from './q-cases.ts';
import { parseQ } from './q.ts';
import { queryToSql } from './to-sql.ts';

const find = (id: string) => [ENTITY, LINKED].find((entity) => entity.id === id);

describe.each(CASES)('%s', (text, expected) => {
  it(`is ${expected} of the thing at hand`, () => {
    expect(matchesQuery(parseQ(text, { expand, links: true }), ENTITY, find)).toBe(expected);
  });
});

describe.each(testEngines)('on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'context', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
    ]);
    for (const { id, types, attributes, createdAt, modifiedAt } of [ENTITY, LINKED])
      await database.query(
        `insert into context.entities (tenant, id, types, attributes, created_at, modified_at) values ('', $1, $2, $3, $4, $5)`,
        [id, types, JSON.stringify(attributes), createdAt, modifiedAt],
      );
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(CASES)('%s is %s in the database too', async (text, expected) => {
    const { bind, values } = openBind();
    const condition = queryToSql(parseQ(text, { expand, links: true }), bind);
    const [row] = await database.query<{ holds: boolean | null }>(
      `select ${condition} as holds from context.entities e where e.id = ${bind(ENTITY.id)}`,
      values,
    );
    expect(row?.holds ?? false).toBe(expected);
  });

  it('holds of any question what holds at hand', async () => {
    const name = constantFrom(...Object.keys(ATTRIBUTES), 'nothing');
    const more = constantFrom(
      '',
      '',
      '',
      '.observedAt',
      '.unitCode',
      '.rawdata',
      '[city]',
      '[en]',
      '[*]',
      '[geo.zone]',
      '[a"b]',
    );
    const value = constantFrom(
      '55',
      '0',
      '"red"',
      'red',
      '"Berlin"',
      'true',
      'false',
      '2020-01-01T00:00:00Z',
      '1981-05-04',
      '08:30:00Z',
      '"A".."z"',
      '1..60',
      '1,"red",true',
      'urn:x:1',
    );
    const test = oneof(
      tuple(constantFrom('==', '!='), value),
      tuple(
        constantFrom('>', '<', '>=', '<='),
        constantFrom('55', '"red"', '2020-01-01T00:00:00Z', '1981-05-04', '08:30:00Z'),
      ),
      tuple(constantFrom('~=', '!~='), constantFrom('^r', 'e', '"[a-c]+$"', '.')),
      constantFrom(['', '']),
    );
    const term = tuple(name, more, test).map(
      ([first, path, [op, operand]]) => `${first}${path}${op}${operand}`,
    );
    const questions = sample(
      array(term, { minLength: 1, maxLength: 3 }).map((terms) => terms.join('|')),
      400,
    );
    for (const text of questions) {
      const query = parseQ(text, { expand });
      const { bind, values } = openBind();
      const [row] = await database.query<{ holds: boolean | null }>(
        `select ${queryToSql(query, bind)} as holds from context.entities e where e.id = ${bind(ENTITY.id)}`,
        values,
      );
      expect(`${text}: ${row?.holds ?? false}`).toBe(`${text}: ${matchesQuery(query, ENTITY)}`);
    }
  }, 60_000);
});
