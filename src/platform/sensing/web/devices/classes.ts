import { devicesWords } from './words.ts';

const NAMED = {
  'I20.1': 'class1',
  'I20.2': 'class2',
  'I20.3': 'class3',
  'I20.4': 'class4',
  'I20.5': 'class5',
} as const;
type Group = keyof typeof NAMED;

/** The five classes of clause I20. */
export const CLASSES = Object.keys(NAMED) as Group[];

/** A class in words: `I20.2/drainage` is `Water · drainage`. */
export function useClassName(): (of: string) => string {
  const say = devicesWords.useText();
  return (of) => {
    const [group = '', kind] = of.split('/');
    const name = group in NAMED ? say(NAMED[group as Group]) : group;
    return kind ? `${name} · ${kind}` : name;
  };
}
