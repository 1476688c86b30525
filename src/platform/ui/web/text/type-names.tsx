import { createContext, useContext } from 'react';
import type { Bilingual } from '../page.ts';
import { usePick } from './language.ts';

/** What people call each entity type; gathered from the modules that own the types. */
export type TypeNames = Readonly<Record<string, Bilingual>>;

const Context = createContext<TypeNames>({});

/** Gives all pages the names of entity types. */
export const TypeNamesProvider = Context;

/** The name of an entity type in the language shown; the type itself where no module named it. */
export function useTypeName(): (type: string) => string {
  const names = useContext(Context);
  const pick = usePick();
  return (type) => pick(names[type], type);
}
