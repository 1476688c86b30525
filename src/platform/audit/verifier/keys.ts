import { Faulty } from './fault.ts';
import type { Start } from './lines.ts';
import { readVerifier, type Verifier } from './note.ts';

/** The keys whose signatures count: the one that the caller knows, or else those that the export names. */
export const keysOf = (start: Start, known: string | undefined): Map<string, Verifier> => {
  const keys = new Map<string, Verifier>();
  for (const line of known === undefined ? start.keys : [known, ...start.keys]) {
    const verifier = readVerifier(line);
    if (verifier?.name !== start.origin)
      throw new Faulty({
        line: 1,
        at: 'file',
        why: `${line} is no key of the log ${start.origin}`,
      });
    if (known === undefined || line === known) keys.set(verifier.id, verifier);
  }
  return keys;
};
