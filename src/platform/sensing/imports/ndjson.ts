import { PAYLOAD_BYTES_MAX } from '../readings/payload.ts';
import { readLines } from './lines.ts';
import type { Row } from './row.ts';

const toRow = (line: number, text: string): Row => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { line, fault: `not JSON: ${(error as Error).message}` };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { line, fault: 'not a JSON object' };
  const { device, ...payload } = json as Record<string, unknown>;
  return typeof device === 'string'
    ? { line, device, payload }
    : { line, fault: 'it does not say which "device" it is of' };
};

/** Readings as newline-delimited JSON: `{"device": "…", "temperature": 21.5, "observedAt": "…"}`. Empty lines are passed over. */
export const readNdjson = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  for await (const { line, text } of readLines(source, PAYLOAD_BYTES_MAX))
    if (text.trim() !== '') yield toRow(line, text);
};
