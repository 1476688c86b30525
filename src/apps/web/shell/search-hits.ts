import {
  pick,
  paths,
  useApi,
  useLanguage,
  useTypeName,
  withQuery,
  type Language,
  type Page,
} from '#platform/ui/web';
import { nameOf, type ContextHits, type RegisterHits } from '../api.ts';

const HITS_MAX = 6; // of each kind: a list that an eye takes in at once

export type Hit = {
  readonly key: string;
  readonly group: 'searchPages' | 'searchPlaces' | 'searchBodies' | 'searchThings';
  readonly title: string;
  readonly note: string;
  readonly to: string;
};

/** Everything that `text` finds, pages first; `failed` when a source did not answer. */
export function useHits(
  text: string,
  pages: readonly Page[],
): { hits: Hit[]; busy: boolean; failed: boolean } {
  const language = useLanguage();
  const typeName = useTypeName();
  const enabled = text !== '';
  const registers = useApi<RegisterHits>(paths.api.searchRegisters(text, HITS_MAX), { enabled });
  const things = useApi<ContextHits>(paths.api.searchContext(text, HITS_MAX), { enabled });
  if (!enabled) return { hits: [], busy: false, failed: false };
  return {
    hits: [
      ...pageHits(text, pages, language),
      ...registerHits(registers.data, language),
      ...thingHits(things.data, language, typeName),
    ],
    busy: registers.isLoading || things.isLoading,
    failed: registers.isError || things.isError,
  };
}

/** The listed pages whose title, in either language, holds the text. */
function pageHits(text: string, pages: readonly Page[], language: Language): Hit[] {
  const wanted = text.toLowerCase();
  return pages
    .filter(({ path, title }) => {
      const open = !path.includes('$');
      return open && `${title.zh} ${title.en}`.toLowerCase().includes(wanted);
    })
    .slice(0, HITS_MAX)
    .map(({ path, title }) => ({
      key: `page ${path}`,
      group: 'searchPages',
      title: pick(title, language),
      note: path,
      to: path,
    }));
}

function registerHits(hits: RegisterHits | undefined, language: Language): Hit[] {
  const places = (hits?.places ?? []).slice(0, HITS_MAX).map(({ code, name, parent }): Hit => ({
    key: `place ${code}`,
    group: 'searchPlaces',
    title: pick(name, language, code),
    note: [parent, code].filter(Boolean).join(' · '),
    to: paths.city({ place: code }),
  }));
  const bodies = (hits?.bodies ?? []).slice(0, HITS_MAX).map(({ id, name }): Hit => ({
    key: `body ${id}`,
    group: 'searchBodies',
    title: pick(name, language, id),
    note: id,
    to: withQuery(paths.city(), { body: id }),
  }));
  return [...places, ...bodies];
}

function thingHits(
  hits: ContextHits | undefined,
  language: Language,
  typeName: (type: string) => string,
): Hit[] {
  return (hits?.items ?? []).slice(0, HITS_MAX).map(({ id, type, name }) => ({
    key: `thing ${id}`,
    group: 'searchThings',
    title: nameOf(name, language, id),
    note: `${typeName(type)} · ${id}`,
    to: paths.city({ entity: id }),
  }));
}
