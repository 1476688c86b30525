import type { EntityMap } from './maps.ts';

/** Clause 5.2.39. */
export const mapOut = ({ id, sources, linked, expiresAt }: EntityMap) => ({
  id,
  type: 'EntityMap',
  // As it was most likely said: whole seconds without a fraction.
  expiresAt: expiresAt.replace('.000Z', 'Z'),
  entityMap: sources,
  ...(Object.keys(linked).length > 0 ? { linkedMaps: linked } : {}),
});
