import { type Checked, type Known, openCheck } from './check.ts';
import { type Fault, Faulty } from './fault.ts';
import { readLine } from './lines.ts';

export type Verdict = Checked & { readonly fault?: Fault };

/** An entry has a few kilobytes. */
const LINE_CHARACTERS_MAX = 1024 * 1024;

/** Cut at line feeds only: JSON lets other separators stand within a line. */
export const splitLines = async function* (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LINE_CHARACTERS_MAX) break;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
};

/** Verifies an export, line by line, in constant memory; names the first fault. */
export const verifyExport = async (
  lines: AsyncIterable<string> | Iterable<string>,
  known: Known = {},
): Promise<Verdict> => {
  const check = openCheck(known);
  let number = 0;
  try {
    for await (const text of lines) {
      number += 1;
      check.take(readLine(text), number);
    }
    return check.end(number);
  } catch (error) {
    if (error instanceof Faulty) return { ...check.result(), fault: error.fault };
    throw error;
  }
};
