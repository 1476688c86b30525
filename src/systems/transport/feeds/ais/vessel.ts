import type { Words } from '#kernel/module';
import { toInstant } from '#kernel/time';
import { shipTypeName, statusName } from './names.ts';
import type { AisReport, Arrival, Dimensions } from './report.ts';
import type { Fix } from './rmc.ts';

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

const ENTITY_TYPE = {
  vessel: 'Vessel',
  aircraft: 'Aircraft',
  'base-station': 'AisBaseStation',
  'aid-to-navigation': 'AidToNavigation',
} as const;

/** UN/CEFACT unit codes. */
const METRE = 'MTR';
const KNOT = 'KNT';
const DEGREE = 'DD';

const HALF_YEAR_MS = 183 * 86_400_000;

/** An arrival has no year: it is meant in the one that brings it nearest. Undefined on a day that this year lacks. */
const arrivalInstant = ({ month, day, hour, minute }: Arrival, now: number): string | undefined => {
  const year = new Date(now).getUTCFullYear();
  for (const candidate of [year, year + 1, year - 1]) {
    const at = Date.UTC(candidate, month - 1, day, hour, minute);
    if (Math.abs(at - now) <= HALF_YEAR_MS && new Date(at).getUTCDate() === day)
      return toInstant(at);
  }
  return undefined;
};

const extent = (dimensions: Dimensions) => ({
  ...dimensions,
  length: dimensions.bow + dimensions.stern,
  width: dimensions.port + dimensions.starboard,
});

/** Writes the facts that are there, all with one instant. */
const attributesAt = (at: number) => {
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
    point: (coordinates: readonly [number, number] | undefined) => {
      if (coordinates)
        written['location'] = {
          type: 'GeoProperty',
          value: { type: 'Point', coordinates },
          observedAt,
        };
    },
  };
};

/** An AIS message heard at `at` (ms since 1970) as the part of the entity that it tells. */
export const toEntity = (report: AisReport, at: number): EntityPart => {
  const { written, fact, words, point } = attributesAt(at);
  const type = ENTITY_TYPE[report.sender];
  fact('mmsi', report.mmsi);
  fact('name', report.name);
  fact('imo', report.imo);
  fact('callSign', report.callSign);
  point(report.position);
  fact('speedOverGround', report.speed, KNOT);
  fact('courseOverGround', report.course, DEGREE);
  fact('heading', report.heading, DEGREE);
  fact('rateOfTurn', report.rateOfTurn); // degrees a minute: Recommendation 20 has no code for it
  fact('altitude', report.altitude, METRE);
  if (report.status !== undefined) words('navigationalStatus', statusName(report.status));
  if (report.shipType !== undefined) {
    words('vesselType', shipTypeName(report.shipType));
    fact('aisShipType', report.shipType);
  }
  fact('dimensions', report.dimensions && extent(report.dimensions), METRE);
  fact('draught', report.draught, METRE);
  fact('destination', report.destination);
  fact('estimatedTimeOfArrival', report.arrival && arrivalInstant(report.arrival, at));
  fact('motherShip', report.motherShip);
  fact('aidType', report.aidType);
  fact('virtual', report.virtual);
  fact('offPosition', report.offPosition);
  return { id: `urn:ngsi-ld:${type}:mmsi-${report.mmsi}`, type, ...written };
};

/** A GPS fix of the vessel that carries the receiver. */
export const toOwnShip = (id: string, fix: Fix): EntityPart => {
  const { written, fact, point } = attributesAt(fix.at);
  point(fix.position);
  fact('speedOverGround', fix.speed, KNOT);
  fact('courseOverGround', fix.course, DEGREE);
  return { id, type: 'Vessel', ...written };
};
