import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { Refusal } from '#kernel/errors';
import { PAYLOAD_BYTES_MAX } from '../readings/payload.ts';
import type { Row } from './row.ts';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A CSV file knows only text: what reads as a number or truth value is one, an empty field says nothing. */
const toValue = (text: string): unknown => {
  if (NUMBER.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
};

const toRow = (line: number, fields: Readonly<Record<string, string>>): Row => {
  const { device, lon, lat, ...rest } = fields;
  if (!device) return { line, fault: 'the column device is empty' };
  const payload: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => [name, toValue(text)]),
  );
  if (lon && lat) payload['location'] = [Number(lon), Number(lat)];
  return { line, device, payload };
};

/**
 * Readings as CSV (RFC 4180) with a header: the column `device`, `observedAt`, `lon` and `lat` where there are any, and one
 * column an attribute. Throws Refusal('invalid') where the file is no CSV or has no such column.
 */
export const readCsv = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    columns: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: PAYLOAD_BYTES_MAX,
  });
  const rows = Readable.from(source)
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number; columns: readonly { name: string }[] };
    }>) {
      if (!info.columns.some(({ name }) => name === 'device'))
        throw new Refusal('invalid', 'The CSV file has no column "device" in its first line.');
      yield toRow(info.lines, record);
    }
  } catch (error) {
    if (error instanceof Error && (error as { code?: string }).code?.startsWith('CSV_'))
      throw new Refusal('invalid', `The file is not CSV: ${error.message}.`);
    throw error;
  }
};
