import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { palettes, type Palette, type Scheme } from './palette.ts';

/** What a person chose: light, dark, or as the system says. */
export type SchemeChoice = Scheme | 'system';

type SchemeState = { scheme: Scheme; choice: SchemeChoice; choose: (choice: SchemeChoice) => void };

const KEY = 'sanjiang.scheme';
const DARK = '(prefers-color-scheme: dark)';
const Context = createContext<SchemeState | undefined>(undefined);

/** Holds the scheme of all pages, follows the system when asked to, remembers the choice. */
export function SchemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<SchemeChoice>(storedChoice);
  const [systemDark, setSystemDark] = useState(() => matchMedia(DARK).matches);
  const scheme = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;

  useEffect(() => {
    const media = matchMedia(DARK);
    const follow = () => setSystemDark(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    root.dataset['scheme'] = scheme;
    root.style.colorScheme = scheme;
    for (const [name, value] of cssVariables(palettes[scheme])) root.style.setProperty(name, value);
  }, [scheme]);

  const state = useMemo(() => {
    const choose = (next: SchemeChoice) => {
      localStorage.setItem(KEY, next);
      setChoice(next);
    };
    return { scheme, choice, choose };
  }, [scheme, choice]);
  return <Context value={state}>{children}</Context>;
}

/** The scheme shown, the choice behind it, and how to change it. */
export function useScheme(): SchemeState {
  const state = useContext(Context);
  if (!state) throw new Error('useScheme needs SchemeProvider around it');
  return state;
}

/** The colours of the scheme shown. */
export function usePalette(): Palette {
  return palettes[useScheme().scheme];
}

function storedChoice(): SchemeChoice {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function cssVariables(palette: Palette): [string, string][] {
  const { tone, map: _map, series: _series, ...plain } = palette;
  return [
    ...Object.entries(plain).map(([name, value]): [string, string] => [`--${name}`, value]),
    ...Object.entries(tone).flatMap(([name, { text, back }]): [string, string][] => [
      [`--${name}`, text],
      [`--${name}-back`, back],
    ]),
  ];
}
