import { useMemo } from 'react';
import { CityMap, Loading, usePalette, type Bounds, type MapLayer } from '#platform/ui/web';
import { extentOf } from '../live/extent.ts';
import { useGround } from '../live/ground.ts';
import type { EntityFacts } from './read-entity.ts';

const AROUND_DEGREES = 0.06; // some kilometres: enough of the city to know where one is

/** Where an entity is. */
export function EntityMap({ entity, name }: { entity: EntityFacts; name: string }) {
  const palette = usePalette();
  const { city } = useGround();
  const { id, place, demo } = entity;
  const layers = useMemo(
    (): MapLayer[] => [
      {
        id: 'place',
        colour: palette.accent,
        size: 7,
        labelsFrom: 0,
        features: {
          type: 'FeatureCollection',
          features: place
            ? [{ type: 'Feature', id, geometry: place, properties: { name, demo } }]
            : [],
        },
      },
    ],
    [id, place, demo, name, palette],
  );
  if (!city) return <Loading height={260} />;
  const [west, south, east, north] = extentOf([place ?? null]) ?? city.bounds;
  const bounds: Bounds = [
    west - AROUND_DEGREES,
    south - AROUND_DEGREES,
    east + AROUND_DEGREES,
    north + AROUND_DEGREES,
  ];
  return (
    <CityMap
      label={name}
      layers={layers}
      ground={city.ground}
      bounds={bounds}
      {...(city.base ? { base: city.base } : {})}
      height={260}
    />
  );
}
