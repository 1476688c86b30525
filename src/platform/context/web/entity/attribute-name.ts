import type { Language } from '#platform/ui/web';
import { attributesEn } from './attribute-names.en.ts';
import { attributesZh } from './attribute-names.zh.ts';

const zh: Readonly<Record<string, string>> = attributesZh;
const en: Readonly<Record<string, string | undefined>> = attributesEn;

/** What people call an attribute; its own name spelt apart where nobody has named it. */
export function attributeName(name: string, language: Language): string {
  const known = language === 'en' ? en[name] : zh[name];
  if (known) return known;
  const own = name.split(/[/#]/).at(-1)!;
  if (!/^[a-z][a-zA-Z]*$/.test(own)) return own;
  const words = own.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words[0]!.toUpperCase() + words.slice(1);
}
