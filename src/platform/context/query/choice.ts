import { Refusal } from '#kernel/errors';

const CHOICE_CHARACTERS_MAX = 2_000;
const CHOICE_ITEMS_MAX = 100;

/**
 * The form that type selection (clause 4.17) and scope queries (clause 4.19) share: alternatives by `|` or a comma,
 * each an item or `(item;item…)`; where they may be `bare`, those that hold together need no parentheses. Answers the alternatives, each a list of items that hold together.
 */
export const parseChoice = <T>(
  text: string,
  item: (text: string) => T | undefined,
  what: string,
  { bare = false }: { readonly bare?: boolean } = {},
): readonly (readonly T[])[] => {
  const refuse = (why: string): never => {
    throw new Refusal('invalid', `${what} ${why}: ${text.slice(0, 100)}`);
  };
  if (text.length > CHOICE_CHARACTERS_MAX)
    refuse(`is longer than ${CHOICE_CHARACTERS_MAX} characters`);
  const read = (part: string): T =>
    item(part.trim()) ?? refuse(`does not know what ${JSON.stringify(part)} is`);
  const alternatives = text.split(/[|,]/);
  if (alternatives.length > CHOICE_ITEMS_MAX)
    refuse(`has more than ${CHOICE_ITEMS_MAX} alternatives`);
  return alternatives.map((alternative) => {
    const whole = alternative.trim();
    if (whole.startsWith('(') && whole.endsWith(')'))
      return whole.slice(1, -1).split(';').map(read);
    return bare ? whole.split(';').map(read) : [read(whole)];
  });
};
