import { Refusal } from '#kernel/errors';

/** How much two texts must differ to differ at all: the key `ks` of RFC 6067. */
const SENSITIVITY: Readonly<Record<string, Intl.CollatorOptions['sensitivity']>> = {
  level1: 'base',
  level2: 'accent',
  level3: 'variant',
  level4: 'variant',
  identic: 'variant',
};

const refuse = (tag: string): never => {
  throw new Refusal('invalid', `${tag} is no collation that is known (RFC 6067, clause 4.23.3).`);
};

/** The value of a key of the tag's extension `u`. */
const keyOf = (tag: string, key: string): string | undefined =>
  new RegExp(`-u-(?:[a-z0-9]+-)*?${key}-([a-z0-9]{3,})`, 'i').exec(tag)?.[1]?.toLowerCase();

/** What an ICU collation puts texts in order by. Throws Refusal('invalid') for one that is none, or is not there. */
export const parseCollation = (tag: string): Intl.Collator => {
  try {
    Intl.getCanonicalLocales(tag);
  } catch {
    return refuse(tag);
  }
  // The root has no language of its own; English orders as it does.
  const named = tag.replace(/^und(?=-|$)/i, 'en');
  if (Intl.Collator.supportedLocalesOf(named).length === 0) return refuse(tag);
  const strength = keyOf(tag, 'ks');
  const sensitivity = strength === undefined ? 'variant' : SENSITIVITY[strength];
  if (!sensitivity) return refuse(tag);
  const variety = keyOf(tag, 'co');
  const [language = ''] = named.split(/-u-/i);
  const known = new Intl.Locale(language) as Intl.Locale & { getCollations(): string[] };
  if (variety && variety !== 'standard' && !known.getCollations().includes(variety))
    return refuse(tag);
  return new Intl.Collator(named, { sensitivity });
};
