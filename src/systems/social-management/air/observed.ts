import type { Words } from '#kernel/module';
import { POLLUTANTS, type Pollutant } from './breakpoints.ts';
import { hourlyAirQuality, type Concentrations } from './hj633.ts';

type Property = {
  readonly type: 'Property';
  readonly value: unknown;
  readonly unitCode?: string;
  readonly observedAt?: string;
};
type LanguageProperty = {
  readonly type: 'LanguageProperty';
  readonly languageMap: Words;
  readonly observedAt: string;
};
type GeoProperty = {
  readonly type: 'GeoProperty';
  readonly value: { readonly type: 'Point'; readonly coordinates: readonly [number, number] };
};

/** An entity in the words of Smart Data Models' AirQualityObserved, normalized NGSI-LD. */
export type AirQualityObserved = {
  readonly id: string;
  readonly type: 'AirQualityObserved';
  readonly location: GeoProperty;
} & Readonly<Record<string, Property | LanguageProperty | GeoProperty | string>>;

export type StationObservation = {
  readonly network: string;
  readonly stationCode: string;
  readonly stationName: string;
  readonly municipality: string;
  readonly coordinates: readonly [lon: number, lat: number];
  readonly observedAt: string;
  readonly hour: Concentrations;
  readonly so2Day?: number | undefined;
  /** The index that the network itself gave out, kept beside ours. */
  readonly publishedIndex?: number | undefined;
};

/** UN/CEFACT: GP is mg/m³, GQ is µg/m³. */
const unitOf = (pollutant: Pollutant) => (pollutant === 'co' ? 'GP' : 'GQ');

const fact = (value: unknown): Property => ({ type: 'Property', value });

/** One hour of one station, with its index, level and primary pollutants by HJ 633-2012. What was not measured is absent. */
export const airQualityObserved = (station: StationObservation): AirQualityObserved => {
  const { hour, observedAt } = station;
  const quality = hourlyAirQuality(hour, station.so2Day);
  const measured = POLLUTANTS.flatMap((pollutant) =>
    hour[pollutant] === undefined
      ? []
      : [[pollutant, { ...fact(hour[pollutant]), unitCode: unitOf(pollutant), observedAt }]],
  );
  return {
    id: `urn:ngsi-ld:AirQualityObserved:${station.network}-${station.stationCode}`,
    type: 'AirQualityObserved',
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: station.coordinates } },
    stationCode: fact(station.stationCode),
    stationName: fact(station.stationName),
    address: fact({ addressCountry: 'CN', addressLocality: station.municipality }),
    ...Object.fromEntries(measured),
    ...(quality && {
      airQualityIndex: { ...fact(quality.index), observedAt },
      airQualityLevel: { type: 'LanguageProperty', languageMap: quality.level.name, observedAt },
      primaryPollutants: { ...fact(quality.primary), observedAt },
    }),
    ...(station.publishedIndex !== undefined && {
      publishedAirQualityIndex: { ...fact(station.publishedIndex), observedAt },
    }),
  };
};
