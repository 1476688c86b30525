/** Longest line taken, tag block and receiver's suffix included. NMEA 0183 allows 82 characters a sentence; receivers add to it. */
export const LINE_CHARS_MAX = 512;

/** One NMEA 0183 sentence with a right checksum. */
export type Sentence = {
  /** Who speaks: `AI` an AIS unit, `GP` a GPS receiver … */
  readonly talker: string;
  /** What is said: `VDM`, `VDO`, `RMC` … */
  readonly formatter: string;
  readonly fields: readonly string[];
  /** From the tag block: when it was received (ms since 1970) and by which station. */
  readonly receivedAt?: number | undefined;
  readonly station?: string | undefined;
};

export type SentenceFault = 'malformed' | 'bad-checksum';

const TAGGED = /^\\([^\\]*)\\(.*)$/;
const SENTENCE = /^[!$]([A-Z]{2})([A-Z]{3}),([^*]*)\*([0-9A-Fa-f]{2})(?:$|[\s,])/;
const TAG_BLOCK = /^([^*]*)\*([0-9A-Fa-f]{2})$/;

/** NMEA 0183: all characters between the delimiter and the asterisk, exclusive-or. */
const checksum = (text: string): number => {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum ^= text.charCodeAt(i);
  return sum;
};

/** Unix time of a tag block: seconds, or milliseconds where the number is too great for seconds. */
const toMs = (text: string | undefined): number | undefined => {
  if (!text || !/^\d{1,13}$/.test(text)) return undefined;
  const count = Number(text);
  return count > 99_999_999_999 ? count : count * 1000;
};

const readTags = (
  block: string,
): { receivedAt?: number | undefined; station?: string | undefined } | undefined => {
  const m = TAG_BLOCK.exec(block);
  if (!m || checksum(m[1]!) !== Number.parseInt(m[2]!, 16)) return undefined;
  const tags = new Map(m[1]!.split(',').map((tag) => [tag.slice(0, 2), tag.slice(2)]));
  return { receivedAt: toMs(tags.get('c:')), station: tags.get('s:') };
};

/** Reads one line. A line without a checksum is malformed: a radio log that has lost it cannot be trusted. */
export const readSentence = (line: string): Sentence | SentenceFault => {
  if (line.length > LINE_CHARS_MAX) return 'malformed';
  const tagged = TAGGED.exec(line);
  const m = SENTENCE.exec(tagged?.[2] ?? line);
  if (!m) return 'malformed';
  const [, talker, formatter, body, sum] = m as unknown as [string, string, string, string, string];
  if (checksum(`${talker}${formatter},${body}`) !== Number.parseInt(sum, 16)) return 'bad-checksum';
  const tags = tagged ? readTags(tagged[1]!) : {};
  if (!tags) return 'bad-checksum';
  return { talker, formatter, fields: body.split(','), ...tags };
};
