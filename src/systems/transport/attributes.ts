import type { Words } from '#kernel/module';
import { toInstant } from '#kernel/time';

type Property = {
  readonly type: 'Property';
  readonly value: unknown;
  readonly unitCode?: string;
  readonly observedAt: string;
};
type LanguageProperty = {
  readonly type: 'LanguageProperty';
  readonly languageMap: Words;
  readonly observedAt: string;
};
type GeoProperty = {
  readonly type: 'GeoProperty';
  readonly value: { readonly type: 'Point'; readonly coordinates: readonly [number, number] };
  readonly observedAt: string;
};
export type Attribute = Property | LanguageProperty | GeoProperty;

/** Part of an entity, normalized NGSI-LD: what one message tells, to be merged into what is known. */
export type EntityPart = { readonly id: string; readonly type: string } & Readonly<
  Record<string, Attribute | string>
>;

/** UN/CEFACT unit codes. */
export const METRE = 'MTR';
export const KNOT = 'KNT';
export const METRES_A_SECOND = 'MTS';
export const DEGREE = 'DD';
export const PERCENT = 'P1';

/** Writes the facts that are there, all with one instant (ms since 1970). */
export const attributesAt = (at: number) => {
  const observedAt = toInstant(at);
  const written: Record<string, Attribute> = {};
  return {
    written,
    fact: (name: string, value: unknown, unitCode?: string) => {
      if (value !== undefined)
        written[name] = { type: 'Property', value, ...(unitCode && { unitCode }), observedAt };
    },
    words: (name: string, languageMap: Words | undefined) => {
      if (languageMap) written[name] = { type: 'LanguageProperty', languageMap, observedAt };
    },
    point: (coordinates: readonly [lon: number, lat: number] | undefined) => {
      if (coordinates)
        written['location'] = {
          type: 'GeoProperty',
          value: { type: 'Point', coordinates },
          observedAt,
        };
    },
  };
};
