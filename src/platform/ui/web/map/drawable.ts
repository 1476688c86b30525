import type { Feature } from 'geojson';

/** The id of a feature on our maps: the `id` in its properties, else its own. */
export function idOf(feature: Feature): string {
  return String(feature.properties?.['id'] ?? feature.id);
}

/**
 * A feature as the map's layers read it: `id`, `label` and `bearing` in its properties. Features of
 * `/api/context/map` carry them as their id, `name` and `course`.
 */
export function drawable(feature: Feature): Feature {
  const { label, name, bearing, course, ...rest } = feature.properties ?? {};
  const [text, degrees] = [label ?? name, bearing ?? course];
  return {
    type: 'Feature',
    geometry: feature.geometry,
    properties: {
      ...rest,
      id: idOf(feature),
      ...(text ? { label: text } : {}),
      ...(typeof degrees === 'number' ? { bearing: degrees } : {}),
    },
  };
}
