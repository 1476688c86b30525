/** A broken promise of our own code. Its text goes to the log, never to a caller. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** States what our code relies on; a false condition is a bug, not a refusal. */
export function must(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Bug(why);
}
