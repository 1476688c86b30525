import type { EntityMap } from './maps.ts';

/** Clause 5.2.39. */
export const mapOut = ({ id, sources, linked, expiresAt }: EntityMap) => ({
  id,
  type: 'EntityMap',
  expiresAt,
  entityMap: sources,
  ...(Object.keys(linked).length > 0 ? { linkedMaps: linked } : {}),
});
