/** The types whose columns we send (pg_type.oid), and what stands before each value in binary form (jsonb: its version). */
const TEXT = { oid: 25, prefix: [] };
const JSON_TEXT = { oid: 114, prefix: [] };
const JSONB = { oid: 3802, prefix: [1] };
const HEAD_BYTES = 20;

/** PostgreSQL's binary array of one dimension (array_recv): nothing to quote here, nothing to unquote there. */
const column = (
  { oid, prefix }: { oid: number; prefix: readonly number[] },
  values: readonly (string | null)[],
): Buffer => {
  let size = HEAD_BYTES;
  for (const value of values)
    size += value === null ? 4 : 4 + prefix.length + Buffer.byteLength(value);
  const bytes = Buffer.allocUnsafe(size);
  const head = [1, 1, oid, values.length, 1]; // dimensions, may hold nulls, type, length, first index
  let at = 0;
  for (const number of head) at = bytes.writeInt32BE(number, at);
  for (const value of values) {
    const start = at + 4;
    if (value === null) {
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    at = start;
    for (const byte of prefix) at = bytes.writeUInt8(byte, at);
    at += bytes.write(value, at);
    bytes.writeInt32BE(at - start, start - 4);
  }
  return bytes;
};

/** A text[] to be unnested into rows, as the value of a parameter. */
export const textColumn = (values: readonly (string | null)[]): Buffer => column(TEXT, values);
/** A json[], of texts that are JSON. */
export const jsonColumn = (texts: readonly (string | null)[]): Buffer => column(JSON_TEXT, texts);
/** A jsonb[], of texts that are JSON: read once by the engine, where json_to_recordset reads it three times. */
export const jsonbColumn = (texts: readonly (string | null)[]): Buffer => column(JSONB, texts);

/** An array within such a column, as PostgreSQL writes it: for a cast to text[]. */
export const arrayText = (values: readonly string[]): string =>
  values.length === 0
    ? '{}'
    : `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join()}}`;
