import { changeLanguage, use as useModule } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Bilingual } from '../page.ts';
import type { Words } from './define.ts';

/** The languages of the house, in BCP 47. */
export type Language = 'zh-CN' | 'en';

const KEY = 'sanjiang.language';

/** The language a person chose before, else the browser's if it is English, else Chinese. */
function chooseLanguage(stored: string | null, browser: readonly string[]): Language {
  if (stored === 'zh-CN' || stored === 'en') return stored;
  const first = browser.find((tag) => /^(zh|en)\b/i.test(tag));
  return first !== undefined && /^en/i.test(first) ? 'en' : 'zh-CN';
}

/** Starts the texts of the house. Call once, before the first render. */
export function startLanguage(words: readonly Words[]): void {
  const language = chooseLanguage(localStorage.getItem(KEY), navigator.languages);
  void useModule(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: resources(words),
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  document.documentElement.lang = language;
}

function resources(words: readonly Words[]) {
  return {
    'zh-CN': Object.fromEntries(words.map((w) => [w.namespace, w.zh])),
    en: Object.fromEntries(words.map((w) => [w.namespace, w.en])),
  };
}

/** Changes the language of every page and remembers it. */
export function setLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  void changeLanguage(language);
}

/** The language now shown; the component renders again when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'zh-CN';
}

/** Picks from a `{zh, en}` pair, e.g. a name from an API; `fallback` when there is neither. */
export function pick(
  pair: Partial<Bilingual> | undefined | null,
  language: Language,
  fallback = '',
): string {
  const [first, second] = language === 'en' ? [pair?.en, pair?.zh] : [pair?.zh, pair?.en];
  return first || second || fallback;
}

/** `pick` in the language now shown. */
export function usePick(): (pair: Partial<Bilingual> | undefined | null, or?: string) => string {
  const language = useLanguage();
  return (pair, or) => pick(pair, language, or);
}
