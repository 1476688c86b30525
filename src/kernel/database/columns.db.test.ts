import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrayText, jsonbColumn, jsonColumn, textColumn } from './columns.ts';
import { type Database, openTestDatabase, testEngines } from './index.ts';

const WORDS = ['', '三江口', 'a "b" \\ c', '{1,2}', 'NULL', null, 'line\nbreak\ttab', '😀'];

describe.each(testEngines)('a column sent to %s', (engine) => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase(engine);
  }, 60_000);
  afterAll(() => db[Symbol.asyncDispose]());

  test('arrives value by value, whatever is in it', async () => {
    const documents = WORDS.map((word) => word && JSON.stringify({ word }));
    const rows = await db.query(
      'select * from unnest($1::text[], $2::jsonb[], $3::json[]) as r (word, b, j)',
      [
        textColumn(WORDS),
        jsonbColumn(documents.map((d) => d || null)),
        jsonColumn(documents.map((d) => d || null)),
      ],
    );
    expect(rows).toEqual(
      WORDS.map((word) => ({ word, b: word ? { word } : null, j: word ? { word } : null })),
    );
  });

  test('may be empty, and may hold arrays', async () => {
    expect(await db.query('select * from unnest($1::text[])', [textColumn([])])).toEqual([]);
    const words = WORDS.filter((word) => word !== null);
    const [row] = await db.query('select w::text[] as words from unnest($1::text[]) as w', [
      textColumn([arrayText(words)]),
    ]);
    expect(row).toEqual({ words });
  });
});
