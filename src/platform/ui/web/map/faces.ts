import type { FeatureCollection } from 'geojson';
import { loadFaceFor } from '../theme/fonts.ts';

const LOAD_LIMIT_MS = 3_000; // a label in the wrong face is better than no map
const seen = new Set<string>();

/** Loads what the labels of `features` need of the bundled face, each character once. */
export async function facesFor(features: Pick<FeatureCollection, 'features'>): Promise<void> {
  const fresh = new Set<string>();
  for (const { properties } of features.features) {
    for (const character of `${properties?.['label'] ?? ''}${properties?.['name'] ?? ''}`) {
      if (!seen.has(character)) fresh.add(character);
    }
  }
  if (fresh.size === 0) return;
  for (const character of fresh) seen.add(character);
  const limit = new Promise<void>((resolve) => setTimeout(resolve, LOAD_LIMIT_MS));
  await Promise.race([loadFaceFor([...fresh].join('')), limit]);
}
