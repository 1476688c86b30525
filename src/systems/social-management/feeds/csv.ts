import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { Refusal } from '#kernel/errors';

/** A line longer than this is no table of ours. */
const RECORD_BYTES_MAX = 16 * 1024;

export type Row = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

/** The rows of a CSV table with a header, one after another. Throws Refusal('invalid') naming the missing column or line. */
export async function* csvRows(
  source: AsyncIterable<Uint8Array>,
  columns: readonly string[],
): AsyncGenerator<Row> {
  const checkHeader = (header: string[]): string[] => {
    const missing = columns.filter((column) => !header.includes(column));
    if (missing.length > 0)
      throw new Refusal('invalid', `The table has no column ${missing.join(', ')}.`, { missing });
    return header.map((name, i) => name || `column${i + 1}`);
  };
  const parser = Readable.from(source).pipe(
    parse({
      bom: true,
      columns: checkHeader,
      info: true,
      max_record_size: RECORD_BYTES_MAX,
      skip_empty_lines: true,
    }),
  );
  let seen = false;
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: Record<string, string>;
    }>) {
      seen = true;
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal('invalid', `The table cannot be read: ${why}.`);
  }
  if (!seen) throw new Refusal('invalid', 'The table has no rows.');
}
