import { Refusal } from '#kernel/errors';

const TEXT_CHARACTERS_MAX = 4096;
const DEPTH_MAX = 8;

/** What the database cannot hold: a NUL character, or half of a surrogate pair. */
const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed();

/** Throws Refusal('invalid') where a value cannot be stored as it is: too long, too deep, or not Unicode text. */
export const checkStorable = (value: unknown, member: string, depth = 0): void => {
  if (typeof value === 'string') {
    if (value.length > TEXT_CHARACTERS_MAX)
      throw new Refusal('invalid', `${member}: at most ${TEXT_CHARACTERS_MAX} characters.`, {
        member,
      });
    if (!isStorable(value))
      throw new Refusal('invalid', `${member}: the text holds a NUL or half a character.`, {
        member,
      });
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new Refusal('invalid', `${member}: the number is too large.`, { member });
  } else if (typeof value === 'object' && value !== null) {
    if (depth >= DEPTH_MAX)
      throw new Refusal('invalid', `${member}: nested deeper than ${DEPTH_MAX} levels.`, {
        member,
      });
    for (const [name, inner] of Object.entries(value)) {
      if (!isStorable(name))
        throw new Refusal('invalid', `${member}: a name holds a NUL or half a character.`, {
          member,
        });
      checkStorable(inner, member, depth + 1);
    }
  }
};
