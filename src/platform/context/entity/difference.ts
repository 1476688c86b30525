import { isDeepStrictEqual } from 'node:util';
import { type Attributes, type Instance, valueOf } from '../model.ts';

const isSame = (a: Instance, b: Instance): boolean => {
  if (a === b) return true;
  const [value, other] = [valueOf(a), valueOf(b)];
  if (typeof value !== 'object' && value !== other) return false; // most writes end here
  return isDeepStrictEqual(
    { ...a, createdAt: undefined, modifiedAt: undefined },
    { ...b, createdAt: undefined, modifiedAt: undefined },
  );
};

/** Of the attributes written: those that were not there, and those whose members are what they were (clause 5.8.6). */
export const differenceOf = (
  before: Attributes,
  after: Attributes,
  changed: readonly string[],
): { made: readonly string[]; same: readonly string[] } => {
  const made: string[] = [];
  const same: string[] = [];
  for (const name of changed) {
    const [was, is] = [before[name], after[name]];
    if (!was && is) made.push(name);
    else if (was && is && was.length === is.length && is.every((one, n) => isSame(one, was[n]!)))
      same.push(name);
  }
  return { made, same };
};

/**
 * Of the attributes written, the instances that are no more and, where `all` are wanted, those that became others: what
 * a subscriber of previous values is told (clause 5.2.14.1, showChanges), and of what kind a deleted attribute was.
 */
export const previousOf = (
  before: Attributes,
  after: Attributes,
  changed: readonly string[],
  all: boolean,
): Attributes | undefined => {
  let previous: Record<string, readonly Instance[]> | undefined;
  for (const name of changed) {
    const was = before[name];
    if (!was) continue;
    const is = after[name];
    if (is && !all && is.length >= was.length) continue; // most writes end here
    const gone = was.filter((one) => {
      const now = is?.find(({ datasetId }) => datasetId === one.datasetId);
      return now === undefined || (all && !isSame(now, one));
    });
    if (gone.length > 0) (previous ??= {})[name] = gone;
  }
  return previous;
};
