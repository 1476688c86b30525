import type { Sentence } from './sentence.ts';

/** A message is sent in at most nine sentences, one right after another; ten seconds is generous for a network between. */
export const FRAGMENT_WAIT_MS = 10_000;
/** Unfinished messages kept at once; the oldest gives way. Ten sequence numbers on two channels of a dozen stations. */
export const UNFINISHED_MAX = 256;

/** The whole payload of one message, armoured in six-bit characters. */
export type Payload = { readonly text: string; readonly fillBits: number };

type Unfinished = {
  readonly since: number;
  readonly parts: (string | undefined)[];
  fillBits: number;
};

const DIGIT = /^[1-9]$/;
const FILL = /^[0-5]$/;

/**
 * Joins the sentences of multi-part messages by station, channel and sequence number, in whatever order they arrive.
 * `incomplete()` counts the messages given up: too late, crowded out, or their number taken by the next.
 */
export const openAssembler = () => {
  const unfinished = new Map<string, Unfinished>();
  let incomplete = 0;

  const giveUp = (key: string) => {
    unfinished.delete(key);
    incomplete += 1;
  };

  const begin = (key: string, total: number, now: number): Unfinished => {
    for (const [oldKey, old] of unfinished) {
      if (now - old.since < FRAGMENT_WAIT_MS && unfinished.size < UNFINISHED_MAX) break; // the map is in order of age
      giveUp(oldKey);
    }
    const started = { since: now, parts: Array.from<undefined>({ length: total }), fillBits: 0 };
    unfinished.set(key, started);
    return started;
  };

  /** Takes a VDM or VDO sentence at `now` (ms). A payload when a message is whole, 'malformed', or undefined: more to come. */
  const add = (sentence: Sentence, now: number): Payload | 'malformed' | undefined => {
    const [total, number, sequence, channel, text, fill] = sentence.fields;
    if (
      sentence.fields.length !== 6 ||
      !DIGIT.test(total!) ||
      !DIGIT.test(number!) ||
      !FILL.test(fill!)
    )
      return 'malformed';
    const [count, at] = [Number(total), Number(number) - 1];
    if (at >= count) return 'malformed';
    if (count === 1) return { text: text!, fillBits: Number(fill) };
    const key = [sentence.station, sentence.formatter, channel, sequence, count].join();
    let group = unfinished.get(key);
    if (group && (group.parts[at] !== undefined || now - group.since >= FRAGMENT_WAIT_MS)) {
      giveUp(key);
      group = undefined;
    }
    group ??= begin(key, count, now);
    group.parts[at] = text!;
    if (at === count - 1) group.fillBits = Number(fill);
    if (group.parts.includes(undefined)) return undefined;
    unfinished.delete(key);
    return { text: group.parts.join(''), fillBits: group.fillBits };
  };

  return { add, incomplete: () => incomplete, waiting: () => unfinished.size };
};
