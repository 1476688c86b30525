import type { Bits } from './bits.ts';
import type { Arrival, Dimensions } from './report.ts';

/** Fields that several messages share. Each reads its "not available" as undefined (M.1371-5, annex 8). */

export const readMmsi = (bits: Bits, at: number): string =>
  String(bits.unsigned(at, 30)).padStart(9, '0');

const onEarth = (lon: number, lat: number): readonly [number, number] | undefined =>
  Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;

const toDegrees = (count: number, perDegree: number): number =>
  Number((count / perDegree).toFixed(7));

/** 28 and 27 bits in 1/10,000 minute; 181° and 91° are "not available". */
export const readPosition = (bits: Bits, at: number) =>
  onEarth(toDegrees(bits.signed(at, 28), 600_000), toDegrees(bits.signed(at + 28, 27), 600_000));

/** 18 and 17 bits in 1/10 minute, of the long-range message. */
export const readCoarsePosition = (bits: Bits, at: number) =>
  onEarth(toDegrees(bits.signed(at, 18), 600), toDegrees(bits.signed(at + 18, 17), 600));

/** 10 bits in 1/10 knot; 1023 is "not available", 1022 is "102.2 or more". */
export const readSpeed = (bits: Bits, at: number): number | undefined => {
  const tenths = bits.unsigned(at, 10);
  return tenths === 1023 ? undefined : tenths / 10;
};

/** 12 bits in 1/10 degree; from 3600 on "not available". */
export const readCourse = (bits: Bits, at: number): number | undefined => {
  const tenths = bits.unsigned(at, 12);
  return tenths >= 3600 ? undefined : tenths / 10;
};

/** 9 bits in degrees; from 360 on (511 by the book) "not available". */
export const readWholeDegrees = (bits: Bits, at: number): number | undefined => {
  const degrees = bits.unsigned(at, 9);
  return degrees >= 360 ? undefined : degrees;
};

/** The indicator is 4.733 · √(degrees a minute). ±127 is a mere direction without a sensor, −128 "not available". */
export const readRateOfTurn = (bits: Bits, at: number): number | undefined => {
  const indicator = bits.signed(at, 8);
  if (Math.abs(indicator) >= 127) return undefined;
  return Number((Math.sign(indicator) * (indicator / 4.733) ** 2).toFixed(1));
};

/** 4 bits; 15 is "not defined". */
export const readStatus = (bits: Bits, at: number): number | undefined => {
  const status = bits.unsigned(at, 4);
  return status === 15 ? undefined : status;
};

/** 9, 9, 6 and 6 bits in metres; all zero is "not available". */
export const readDimensions = (bits: Bits, at: number): Dimensions | undefined => {
  const dimensions = {
    bow: bits.unsigned(at, 9),
    stern: bits.unsigned(at + 9, 9),
    port: bits.unsigned(at + 18, 6),
    starboard: bits.unsigned(at + 24, 6),
  };
  return Object.values(dimensions).some((metres) => metres > 0) ? dimensions : undefined;
};

/** 8 bits; 0 is "not available". */
export const readShipType = (bits: Bits, at: number): number | undefined =>
  bits.unsigned(at, 8) || undefined;

/** 4, 5, 5 and 6 bits; an hour of 24 or a minute of 60 is "not available", and so is a day that no calendar has. */
export const readArrival = (bits: Bits, at: number): Arrival | undefined => {
  const arrival = {
    month: bits.unsigned(at, 4),
    day: bits.unsigned(at + 4, 5),
    hour: bits.unsigned(at + 9, 5),
    minute: bits.unsigned(at + 14, 6),
  };
  const { month, day, hour, minute } = arrival;
  return month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 ? arrival : undefined;
};

/** 30 bits; IMO ship numbers have seven digits. */
export const readImo = (bits: Bits, at: number): string | undefined => {
  const number = bits.unsigned(at, 30);
  return number >= 1_000_000 && number <= 9_999_999 ? String(number) : undefined;
};
