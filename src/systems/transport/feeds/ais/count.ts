import type { AisCounters } from './reader.ts';

export const NOTHING_HEARD: AisCounters = {
  lines: 0,
  sentences: 0,
  badChecksum: 0,
  malformed: 0,
  empty: 0,
  incomplete: 0,
  otherSentences: 0,
  decoded: {},
  undecoded: {},
};

type ByType = AisCounters['decoded'];

const addByType = (a: ByType, b: ByType): ByType => {
  const sum: Record<string, number> = { ...a };
  for (const [type, n] of Object.entries(b)) sum[type] = (sum[type] ?? 0) + n;
  return sum;
};

/** What two readers heard together. */
export const addCounters = (a: AisCounters, b: AisCounters): AisCounters => ({
  lines: a.lines + b.lines,
  sentences: a.sentences + b.sentences,
  badChecksum: a.badChecksum + b.badChecksum,
  malformed: a.malformed + b.malformed,
  empty: a.empty + b.empty,
  incomplete: a.incomplete + b.incomplete,
  otherSentences: a.otherSentences + b.otherSentences,
  decoded: addByType(a.decoded, b.decoded),
  undecoded: addByType(a.undecoded, b.undecoded),
});
