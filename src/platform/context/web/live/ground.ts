import type { FeatureCollection, Point } from 'geojson';
import { useMemo } from 'react';
import { paths, pick, useApi, useLanguage } from '#platform/ui/web';
import type { BaseMap, Bounds, Ground, LonLat } from '#platform/ui/web';
import { contextWords } from '../words.ts';
import { circleOf, KM_A_DEGREE, type Area, type District } from './district-of.ts';

type City = {
  readonly name: { readonly zh: string; readonly en: string };
  readonly centre: LonLat;
  readonly bounds: Bounds;
  readonly baseMap: string | null;
  readonly boundaries: 'approximate' | 'imported';
};

/** What the map of this city stands on, from the registers: no network beyond our own server is needed. */
export type CityGround = {
  readonly name: { readonly zh: string; readonly en: string };
  readonly ground: Ground;
  readonly bounds: Bounds;
  readonly centre: LonLat;
  readonly base: BaseMap | undefined;
  readonly districts: readonly District[];
  readonly outline: Area | undefined;
  readonly boundaries: readonly Area[];
};

const DAY_MS = 86_400_000;
const NO_AREAS: readonly Area[] = [];

/** The ground of the city; undefined until it is known what the city is. */
export function useGround(): {
  city: CityGround | undefined;
  error: unknown;
  again: () => void;
} {
  const say = contextWords.useText();
  const language = useLanguage();
  const options = { refreshMs: DAY_MS };
  const city = useApi<City>(paths.api.city(), options);
  const districts = useApi<{ items: District[] }>(paths.api.districts(), options);
  const outline = useApi<FeatureCollection>(paths.api.outline(), options);
  const land = useApi<FeatureCollection>(paths.api.land(), { ...options, enabled: !!outline.data });
  const official = useApi<FeatureCollection>(paths.api.boundaries(), {
    enabled: city.data?.boundaries === 'imported',
  });

  const made = useMemo((): CityGround | undefined => {
    if (!city.data || !districts.data) return undefined;
    const areas = (outline.data?.features ?? []) as Area[];
    const own = areas.filter(({ properties }) => properties['role'] === 'city');
    const boundaries = (official.data?.features ?? NO_AREAS) as readonly Area[];
    const exact = boundaries.length > 0;
    const items = districts.data.items;
    return {
      name: city.data.name,
      centre: city.data.centre,
      bounds: city.data.bounds,
      base: baseOf(city.data.baseMap),
      districts: items,
      outline: own[0],
      boundaries,
      ground: {
        land: collection([...(land.data?.features ?? []), ...areas]),
        edges: collection([
          ...own.map((area) => ({ ...area, properties: {} })),
          ...(exact ? boundaries : items.map(circle)),
        ]),
        names: collection(
          items.map(({ name, seat, radiusKmApprox }) => ({
            type: 'Feature' as const,
            geometry: {
              type: 'Point' as const,
              coordinates: exact ? [...seat.location] : labelAt(seat.location, radiusKmApprox),
            },
            properties: {
              name: exact
                ? pick(name, language)
                : `${pick(name, language)}\n${say('approximateMark')}`,
            },
          })),
        ) as FeatureCollection<Point>,
      },
    };
  }, [city.data, districts.data, outline.data, land.data, official.data, language, say]);

  return {
    city: made,
    error: city.error ?? districts.error,
    again: () => void Promise.all([city.refetch(), districts.refetch(), outline.refetch()]),
  };
}

function collection(features: FeatureCollection['features']): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

function circle(district: District) {
  return {
    type: 'Feature' as const,
    geometry: { type: 'Polygon' as const, coordinates: [circleOf(district)] },
    properties: { approximate: true },
  };
}

const LABEL_SHARE = 0.84; // inside the circle's upper edge: the middle is where the things are

function labelAt([lon, lat]: readonly [number, number], radiusKm: number): [number, number] {
  return [lon, lat + (radiusKm * LABEL_SHARE) / KM_A_DEGREE];
}

/** The city's setting: an XYZ address or a PMTiles archive. */
function baseOf(setting: string | null): BaseMap | undefined {
  if (setting === null) return undefined;
  return /\.pmtiles(\?|$)/.test(setting)
    ? { kind: 'pmtiles', url: setting }
    : { kind: 'xyz', url: setting };
}
