import { toInstant } from '#kernel/time';
import { attributesAt, DEGREE, KNOT, METRE, type EntityPart } from '../../attributes.ts';
import { shipTypeName, statusName } from './names.ts';
import type { AisReport, Arrival, Dimensions } from './report.ts';
import type { Fix } from './rmc.ts';

const ENTITY_TYPE = {
  vessel: 'Vessel',
  aircraft: 'Aircraft',
  'base-station': 'AisBaseStation',
  'aid-to-navigation': 'AidToNavigation',
} as const;

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
