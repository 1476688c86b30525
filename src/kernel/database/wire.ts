/** PostgreSQL's frontend/backend protocol 3.0 (PostgreSQL manual, chapter 55), as far as the bridge to the engine needs it. */

const encoder = new TextEncoder();
const code = (letter: string): number => letter.charCodeAt(0);

const [QUERY, EXECUTE, SYNC, FLUSH, COPY_DONE, COPY_FAIL, TERMINATE] = [...'QESHcfX'].map(code);
const [COMPLETE, EMPTY, SUSPENDED, ERROR, READY, COPY_IN] = [...'CIsEZG'].map(code);
const READY_BYTES = 6;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;

export const message = (letter: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = code(letter);
  new DataView(bytes.buffer).setInt32(1, 4 + body.length);
  bytes.set(body, 5);
  return bytes;
};

export const join = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const text = (...strings: string[]): Uint8Array =>
  encoder.encode(strings.map((s) => `${s}\0`).join(''));

export const simpleQuery = (sql: string): Uint8Array<ArrayBuffer> => message('Q', text(sql));
export const sync = (): Uint8Array<ArrayBuffer> => message('S', new Uint8Array(0));

export const fatal = (sqlstate: string, sentence: string): Uint8Array<ArrayBuffer> =>
  message('E', text(`SFATAL`, `VFATAL`, `C${sqlstate}`, `M${sentence}`, ''));

/** What a server says to a connection that it lets in. */
export const hello = (serverVersion: string): Uint8Array<ArrayBuffer> => {
  const parameters = {
    server_version: serverVersion,
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    integer_datetimes: 'on',
    standard_conforming_strings: 'on',
    TimeZone: 'UTC',
  };
  return join([
    message('R', new Uint8Array(4)),
    ...Object.entries(parameters).map(([key, value]) => message('S', text(key, value))),
    message('K', new Uint8Array(8)),
    message('Z', encoder.encode('I')),
  ]);
};

export type Batch = { bytes: Uint8Array<ArrayBuffer>; expected: number; synced: boolean };

/** Cuts what a client sends into batches that the engine can answer as a whole. */
export const openReader = (): ((bytes: Uint8Array) => {
  batches: Batch[];
  greeting?: Uint8Array;
  bye: boolean;
}) => {
  let kept: Uint8Array = new Uint8Array(0);
  let started = false;

  return (bytes) => {
    kept = kept.length > 0 ? join([kept, bytes]) : bytes;
    const view = new DataView(kept.buffer, kept.byteOffset, kept.byteLength);
    let at = 0;
    let cut = 0;
    let greeting: Uint8Array | undefined;
    if (!started) {
      if (kept.length < 8 || kept.length < view.getInt32(0)) return { batches: [], bye: false };
      const asked = view.getInt32(4);
      started = asked !== SSL_REQUEST && asked !== GSS_REQUEST;
      greeting = started ? new Uint8Array(0) : encoder.encode('N');
      at = cut = view.getInt32(0);
    }
    let bye = false;
    let expected = 0;
    let synced = false;
    const batches: Batch[] = [];
    while (at + 5 <= kept.length) {
      const letter = kept[at];
      const next = at + 1 + view.getInt32(at + 1);
      if (next > kept.length) break;
      at = next;
      if (letter === TERMINATE) {
        bye = true;
        break;
      }
      if (letter === EXECUTE || letter === QUERY) expected += 1;
      if (letter === QUERY || letter === SYNC) synced = true;
      if (synced || letter === FLUSH || letter === COPY_DONE || letter === COPY_FAIL) {
        batches.push({
          bytes: kept.subarray(cut, at) as Uint8Array<ArrayBuffer>,
          expected,
          synced,
        });
        cut = at;
        expected = 0;
        synced = false;
      }
    }
    kept = kept.slice(cut);
    return greeting ? { batches, greeting, bye } : { batches, bye };
  };
};

/**
 * Whether an answer tells the end of everything that was asked. The embedded engine answers a C++ exception with
 * silence, which a client takes for "no rows"; an answer without a command tag is therefore no answer. After an error it
 * says twice that it is ready; `told` says it once, for a client that sends ahead counts the answers.
 */
export const inspect = (
  answer: Uint8Array<ArrayBuffer>,
  batch: Batch,
): { whole: boolean; idle: boolean; told: Uint8Array<ArrayBuffer> } => {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  let ends = 0;
  let failed = false;
  let copying = false;
  let status: number | undefined;
  let readies = 0;
  let at = 0;
  while (at + 5 <= answer.length) {
    const letter = answer[at];
    if (letter === COMPLETE || letter === EMPTY || letter === SUSPENDED) ends += 1;
    else if (letter === ERROR) failed = true;
    else if (letter === COPY_IN) copying = true;
    else if (letter === READY) {
      status = answer[at + 5];
      readies += 1;
    }
    at += 1 + view.getInt32(at + 1);
  }
  const ready = status !== undefined;
  const ended = failed || copying || ends >= batch.expected;
  return {
    whole: at === answer.length && ended && (ready || copying || !batch.synced),
    idle: status === code('I'),
    told: readies > 1 ? answer.slice(0, -READY_BYTES) : answer,
  };
};
