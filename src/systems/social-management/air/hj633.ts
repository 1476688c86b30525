import {
  DAY,
  HOUR,
  INDEX_BREAKPOINTS,
  INDEX_MAX,
  POLLUTANTS,
  type Breakpoints,
  type Pollutant,
} from './breakpoints.ts';
import { airLevel, type AirLevel } from './levels.ts';

/** Average concentrations of one place and period; an absent pollutant was not measured. */
export type Concentrations = Readonly<Partial<Record<Pollutant, number>>>;

export type AirQuality = {
  /** The air quality index: the greatest individual index. */
  readonly index: number;
  readonly level: AirLevel;
  /** Individual index of each pollutant that has one. */
  readonly indices: Readonly<Partial<Record<Pollutant, number>>>;
  /** All pollutants with the greatest index, when that is above 50 (clause 4.4). */
  readonly primary: readonly Pollutant[];
  /** All pollutants with an index above 100 (clause 4.4). */
  readonly exceeding: readonly Pollutant[];
};

/** Concentrations are reported to at most three decimals; in thousandths the formula is exact, and so is its rounding. */
const toThousandths = (concentration: number) => BigInt(Math.round(concentration * 1000));

const ceilDiv = (dividend: bigint, divisor: bigint) => (dividend + divisor - 1n) / divisor;

const individualIndex = (table: readonly number[], concentration: number): number | undefined => {
  if (!Number.isFinite(concentration) || concentration < 0) return undefined;
  const upper = table.findIndex((breakpoint, i) => i > 0 && concentration <= breakpoint);
  if (upper === -1) return table.length === INDEX_BREAKPOINTS.length ? INDEX_MAX : undefined;
  const [low, high] = [INDEX_BREAKPOINTS[upper - 1]!, INDEX_BREAKPOINTS[upper]!];
  const [from, to] = [toThousandths(table[upper - 1]!), toThousandths(table[upper]!)];
  const above = BigInt(high - low) * (toThousandths(concentration) - from);
  return low + Number(ceilDiv(above, to - from));
};

const indexBy = (table: Breakpoints) => (pollutant: Pollutant, concentration: number) =>
  individualIndex(table[pollutant], concentration);

/**
 * The individual index (IAQI) of a one-hour average, rounded up to a whole number (HJ 633-2012, formula 1). CO in mg/m³, others
 * in µg/m³. Undefined for SO2 above 800 µg/m³, which has an index by its 24-hour average only, and for what is no
 * concentration.
 */
export const hourlyIndex = indexBy(HOUR);

/**
 * The individual index of a 24-hour average (ozone: greatest running 8-hour average). Undefined for ozone above 800 µg/m³,
 * which has an index by its one-hour average only, and for what is no concentration.
 */
export const dailyIndex = indexBy(DAY);

type Index = Readonly<Partial<Record<Pollutant, number>>>;

const judge = (indices: Index): AirQuality | undefined => {
  const known = POLLUTANTS.filter((pollutant) => indices[pollutant] !== undefined);
  if (known.length === 0) return undefined;
  const index = Math.max(...known.map((pollutant) => indices[pollutant]!));
  return {
    index,
    level: airLevel(index),
    indices,
    primary: index > 50 ? known.filter((pollutant) => indices[pollutant] === index) : [],
    exceeding: known.filter((pollutant) => indices[pollutant]! > 100),
  };
};

const indicesOf = (
  concentrations: Concentrations,
  index: (pollutant: Pollutant, concentration: number) => number | undefined,
): Index =>
  Object.fromEntries(
    POLLUTANTS.flatMap((pollutant) => {
      const concentration = concentrations[pollutant];
      const value = concentration === undefined ? undefined : index(pollutant, concentration);
      return value === undefined ? [] : [[pollutant, value]];
    }),
  );

/**
 * The real-time report of one hour: one-hour averages of all six pollutants, as the national network computes it. Where SO2 is above
 * 800 µg/m³ its 24-hour average, if known, takes its place. Undefined when nothing was measured.
 */
export const hourlyAirQuality = (hour: Concentrations, so2Day?: number): AirQuality | undefined => {
  const indices = indicesOf(hour, hourlyIndex);
  if (hour.so2 === undefined || hour.so2 <= 800 || so2Day === undefined) return judge(indices);
  const so2 = dailyIndex('so2', so2Day);
  return judge(so2 === undefined ? indices : { ...indices, so2 });
};

/**
 * The daily report: 24-hour averages, with ozone's greatest running 8-hour average. Ozone's greatest one-hour average is an
 * indicator of its own there: the greater of the two counts, and above 800 µg/m³ over 8 hours only the hour does.
 * Undefined when nothing was measured.
 */
export const dailyAirQuality = (
  day: Concentrations,
  o3HourMax?: number,
): AirQuality | undefined => {
  const indices = indicesOf(day, dailyIndex);
  const hour = o3HourMax === undefined ? undefined : hourlyIndex('o3', o3HourMax);
  return judge(hour === undefined ? indices : { ...indices, o3: Math.max(hour, indices.o3 ?? 0) });
};
