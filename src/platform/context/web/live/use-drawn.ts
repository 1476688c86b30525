import type { FeatureCollection } from 'geojson';
import { useState } from 'react';
import type { CityFeature, Language } from '#platform/ui/web';
import { matches, type Filters } from './filters.ts';
import { labelled, type Thing } from './things.ts';
import type { LiveThings } from './use-things.ts';

type Looks = {
  readonly sort: (feature: CityFeature) => Thing;
  readonly filters: Filters;
  readonly language: Language;
  readonly clustered: boolean;
};

/**
 * What the layer of things is drawn from as a whole. It changes only when the layer must be drawn anew, and is then what
 * is true at that moment; all changes between go to the map as differences.
 */
export function useDrawn({ now, whole }: LiveThings, looks: Looks): FeatureCollection {
  const draw = () => ({ whole, looks, features: collect(now, looks) });
  const [drawn, setDrawn] = useState(draw);
  const same =
    drawn.whole === whole &&
    (Object.keys(looks) as (keyof Looks)[]).every((key) => drawn.looks[key] === looks[key]);
  if (!same) setDrawn(draw());
  return drawn.features;
}

function collect(
  now: readonly CityFeature[],
  { sort, filters, language }: Looks,
): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: now
      .filter((feature) => matches(sort(feature), filters))
      .map((feature) => labelled(feature, language)),
  };
}
