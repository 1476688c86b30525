import { Refusal } from '#kernel/errors';

/** One attribute that a payload speaks of, under its short name. */
export type SaidAttribute = {
  readonly name: string;
  readonly type: 'Property' | 'GeoProperty';
  readonly value: unknown;
  readonly unitCode?: string;
};

/** What a payload says, before it becomes a write. */
export type Said = {
  readonly attributes: readonly SaidAttribute[];
  /** Milliseconds since 1970, where the payload has a time of its own. */
  readonly observedAt?: number;
  /** The sender's own number of this message. */
  readonly message?: string;
};

export type Moment = {
  readonly receivedAt: number;
  /** Imports bring readings of any age. */
  readonly anyAge: boolean;
};

/** A payload in a device's own form → what it says. Throws Refusal('invalid') naming the member at fault. */
export type Translate = (payload: Readonly<Record<string, unknown>>, moment: Moment) => Said;

const MESSAGE_CHARACTERS_MAX = 128;

/** The sender's number of a message: text or a number. Throws Refusal('invalid'). */
export const readMessage = (value: unknown, member: string): string => {
  const text = typeof value === 'number' ? String(value) : value;
  if (
    typeof text !== 'string' ||
    text === '' ||
    text.length > MESSAGE_CHARACTERS_MAX ||
    !/^[\x21-\x7e]+$/.test(text)
  )
    throw new Refusal(
      'invalid',
      `${member}: the number of a message is a number, or text of at most ${MESSAGE_CHARACTERS_MAX} visible ASCII characters.`,
      { member },
    );
  return text;
};
