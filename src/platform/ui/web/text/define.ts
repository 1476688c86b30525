import { useTranslation } from 'react-i18next';

type Dictionary = Readonly<Record<string, string>>;
type Base<K> = K extends `${infer B}_one` | `${infer B}_other` ? B : K;

/** The texts of one module in both languages; registered with the house by its `words`. */
export type Words = {
  readonly namespace: string;
  readonly zh: Dictionary;
  readonly en: Dictionary;
};

/** Looks up a text by its key; `{{name}}` in the text is replaced by `values.name`. */
export type Say<K extends string> = (
  key: K,
  values?: Readonly<Record<string, string | number>>,
) => string;

/**
 * Declares a module's texts. The compiler refuses a key that one language lacks; a key that ends in
 * `_one` and `_other` is chosen by `count` (Chinese needs `_other` alone).
 */
export function defineWords<Z extends Dictionary>(
  namespace: string,
  zh: Z,
  en: { readonly [K in keyof Z]: string } & Dictionary,
): Words & { readonly zh: Z; readonly en: { readonly [K in keyof Z]: string } } & {
  readonly useText: () => Say<Base<keyof Z & string>>;
} {
  return {
    namespace,
    zh,
    en,
    useText() {
      const { t } = useTranslation(namespace);
      return t as unknown as Say<Base<keyof Z & string>>; // t keeps its identity until the language changes
    },
  };
}
