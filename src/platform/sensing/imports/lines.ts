import { Refusal } from '#kernel/errors';

/** The lines of a UTF-8 byte stream, numbered from 1. Throws Refusal('too-large') where one is longer than the limit. */
export const readLines = async function* (
  source: AsyncIterable<Uint8Array>,
  charactersMax: number,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let line = 0;
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts)
      yield { line: ++line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    if (rest.length > charactersMax)
      throw new Refusal(
        'too-large',
        `Line ${line + 1} is longer than ${charactersMax} characters.`,
        { line: line + 1 },
      );
  }
  rest += decoder.decode();
  if (rest !== '') yield { line: ++line, text: rest };
};
