import { useMemo } from 'react';
import { paths, useApi, useLanguage, withQuery } from '#platform/ui/web';
import { readEntity, type EntityFacts } from './read-entity.ts';
import { languageText } from './value.tsx';

const REFRESH_MS = 30_000; // changes come by the stream; this is for when it is lost

/** An entity by the standard's own door. */
export function useEntity(id: string) {
  const path = withQuery(paths.api.entity(id), { options: 'sysAttrs' });
  const { data, error, refetch } = useApi<Readonly<Record<string, unknown>>>(path, {
    refreshMs: REFRESH_MS,
    keep: true,
  });
  const entity = useMemo(() => (data ? readEntity(data) : undefined), [data]);
  return { json: data, entity, error, again: () => void refetch() };
}

/** The name of an entity in the language shown; the end of its id where it has none. */
export function useEntityName(): (entity: Pick<EntityFacts, 'id' | 'name'>) => string {
  const language = useLanguage();
  return ({ id, name }) => {
    if (typeof name === 'string') return name;
    return (name && languageText(name, language)) || id.replace(/^urn:ngsi-ld:/i, '');
  };
}
