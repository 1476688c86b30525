import { Refusal } from '#kernel/errors';

/** A reading is a few hundred bytes; a camera's picture does not belong here. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;
/** A device that was offline delivers its store in pieces of this size. */
export const READINGS_MAX = 1000;

/** A reading nests a few levels; what walks a deeper one would run out of stack. */
const LEVELS_MAX = 32;

export const TOO_DEEP = `A reading is nested at most ${LEVELS_MAX} levels deep.`;
export const isTooDeep = (json: unknown, level = 0): boolean =>
  level > LEVELS_MAX ||
  (typeof json === 'object' &&
    json !== null &&
    Object.values(json).some((item) => isTooDeep(item, level + 1)));

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The readings in a message: a JSON object, or an array of them. Throws Refusal('invalid' | 'too-large'). */
export const parsePayload = (bytes: Uint8Array): unknown[] => {
  if (bytes.byteLength > PAYLOAD_BYTES_MAX)
    throw new Refusal(
      'too-large',
      `A message has at most ${PAYLOAD_BYTES_MAX} bytes; this one has ${bytes.byteLength}.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new Refusal(
      'invalid',
      `The message is not JSON: ${(error as Error).message.slice(0, 200)}.`,
    );
  }
  if (isTooDeep(json)) throw new Refusal('invalid', TOO_DEEP);
  if (!Array.isArray(json)) return [json];
  if (json.length === 0 || json.length > READINGS_MAX)
    throw new Refusal(
      'invalid',
      `A message carries 1 to ${READINGS_MAX} readings, not ${json.length}.`,
    );
  return json;
};
