import { openAssembler } from './assemble.ts';
import { openBits } from './bits.ts';
import { decodeMessage } from './messages.ts';
import type { AisReport } from './report.ts';
import { readFix, type Fix } from './rmc.ts';
import { readSentence, type Sentence } from './sentence.ts';

/** What one line told: a message of a ship, or where the receiver itself is. */
export type Heard = { readonly at: number; readonly station?: string | undefined } & (
  | { readonly report: AisReport }
  | { readonly fix: Fix }
);

/** What was heard so far. Every line is counted once in `lines`, and each fault where it belongs. */
export type AisCounters = {
  readonly lines: number;
  readonly sentences: number;
  readonly badChecksum: number;
  readonly malformed: number;
  /** Sentences of an AIS message without content, as some receivers report an empty slot. */
  readonly empty: number;
  /** Messages whose other parts never came. */
  readonly incomplete: number;
  /** Sentences that say something else. */
  readonly otherSentences: number;
  readonly decoded: Readonly<Record<number, number>>;
  readonly undecoded: Readonly<Record<number, number>>;
};

const count = (counts: Record<number, number>, type: number) => {
  counts[type] = (counts[type] ?? 0) + 1;
};

/**
 * Reads NMEA 0183 lines of AIS receivers (AIVDM, AIVDO) and GPS receivers (RMC), one reader a connection: parts of a
 * message come over one. Never throws, whatever the line.
 */
export const openAisReader = () => {
  const assembler = openAssembler();
  const counters = {
    lines: 0,
    sentences: 0,
    badChecksum: 0,
    malformed: 0,
    empty: 0,
    otherSentences: 0,
  };
  const decoded: Record<number, number> = {};
  const undecoded: Record<number, number> = {};

  const hearMessage = (sentence: Sentence, now: number): AisReport | undefined => {
    const payload = assembler.add(sentence, now);
    if (payload === undefined) return undefined;
    if (payload !== 'malformed' && payload.text === '') {
      counters.empty += 1;
      return undefined;
    }
    const bits = payload === 'malformed' ? undefined : openBits(payload.text, payload.fillBits);
    const message = bits ? decodeMessage(bits) : 'malformed';
    if (message === 'malformed') {
      counters.malformed += 1;
      return undefined;
    }
    if ('undecoded' in message) {
      count(undecoded, message.undecoded);
      return undefined;
    }
    count(decoded, message.report.type);
    return message.report;
  };

  const hearFix = (sentence: Sentence): Fix | undefined => {
    const fix = readFix(sentence);
    if (!fix) counters.malformed += 1;
    return fix;
  };

  /** Takes one line that arrived at `now` (ms). The instant of the tag block, where there is one, goes before `now`. */
  const hear = (line: string, now: number): Heard | undefined => {
    counters.lines += 1;
    const sentence = readSentence(line.trim());
    if (sentence === 'malformed' || sentence === 'bad-checksum') {
      counters[sentence === 'malformed' ? 'malformed' : 'badChecksum'] += 1;
      return undefined;
    }
    counters.sentences += 1;
    const { receivedAt: at = now, station, formatter } = sentence;
    if (formatter === 'VDM' || formatter === 'VDO') {
      const report = hearMessage(sentence, now);
      return report && { at, station, report };
    }
    if (formatter === 'RMC') {
      const fix = hearFix(sentence);
      return fix && { at: fix.at, station, fix };
    }
    counters.otherSentences += 1;
    return undefined;
  };

  return {
    hear,
    counters: (): AisCounters => ({
      ...counters,
      incomplete: assembler.incomplete(),
      decoded: { ...decoded },
      undecoded: { ...undecoded },
    }),
  };
};

export type AisReader = ReturnType<typeof openAisReader>;
