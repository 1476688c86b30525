/** Each is kept by each connection, as a plan of some hundred kilobytes. */
const NAMES_MAX = 40;
/** Texts that are counted until they have a name. */
const COUNTED_MAX = 500;
/** What is asked more often than this is worth a plan that is kept. */
const ASKED_BEFORE = 2;

const names = new Map<string, string>();
const asked = new Map<string, number>();

/**
 * A name under which the database keeps the plan of a statement that is made of few parts and asked again and again;
 * undefined for those that came up seldom, or after all names were given. To plan a question about a long history takes
 * longer than to answer it.
 */
export const preparedName = (text: string): string | undefined => {
  const name = names.get(text);
  if (name !== undefined || names.size >= NAMES_MAX) return name;
  const times = asked.get(text) ?? 0;
  if (times < ASKED_BEFORE) {
    if (asked.size >= COUNTED_MAX) asked.clear();
    asked.set(text, times + 1);
    return undefined;
  }
  asked.delete(text);
  const given = `context-asked-${names.size}`;
  names.set(text, given);
  return given;
};
