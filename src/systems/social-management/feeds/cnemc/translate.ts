import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { parseInstant, toInstant } from '#kernel/time';
import type { Concentrations } from '../../air/hj633.ts';
import { airQualityObserved, type AirQualityObserved } from '../../air/observed.ts';
import { MISSING, StationCollection, StationHour } from './station.ts';

/** What became of one feature of the file: an entity, or why there is none. A branch, not an error: the rest goes on. */
export type Translated = { readonly entity: AirQualityObserved } | { readonly refused: string };

const NUMBER = /^\d+(?:\.\d+)?$/;

const numberOf = (text: string): number | undefined =>
  text !== MISSING && NUMBER.test(text) ? Number(text) : undefined;

const present = (values: Record<keyof Concentrations, number | undefined>): Concentrations =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const translateStation = (feature: unknown, at: number): Translated => {
  if (!Value.Check(StationHour, feature)) {
    const [fault] = Value.Errors(StationHour, feature);
    return {
      refused: `features/${at}${fault?.instancePath ?? ''} ${fault?.message ?? 'is not valid'}`,
    };
  }
  const { properties: p, geometry } = feature;
  const instant = parseInstant(`${p.timepoint}+08:00`); // published in China Standard Time, without a zone
  if (instant === undefined)
    return { refused: `features/${at}/properties/timepoint is no date: ${p.timepoint}` };
  return {
    entity: airQualityObserved({
      network: 'cnemc',
      stationCode: p.stationcode,
      stationName: p.positionname,
      municipality: p.area,
      coordinates: geometry.coordinates,
      observedAt: toInstant(instant),
      hour: present({
        so2: numberOf(p.so2),
        no2: numberOf(p.no2),
        pm10: numberOf(p.pm10),
        pm25: numberOf(p.pm2_5),
        co: numberOf(p.co),
        o3: numberOf(p.o3_24h),
      }),
      so2Day: numberOf(p.so2_24h),
      publishedIndex: numberOf(p.aqi),
    }),
  };
};

/**
 * The national network's hour (a GeoJSON collection of stations) as `AirQualityObserved` entities, one after another. A
 * wrong feature is refused by itself. Throws Refusal('invalid') when the whole is no such collection.
 */
export function* translateStations(collection: unknown): Generator<Translated> {
  if (!Value.Check(StationCollection, collection))
    throw new Refusal(
      'invalid',
      'The file is no GeoJSON collection of stations: it has no features.',
    );
  for (const [at, feature] of collection.features.entries()) yield translateStation(feature, at);
}
