/** HJ 633-2012, table 1: the concentrations at which the individual index is 0, 50, 100, 150, 200, 300, 400 and 500. */
export const INDEX_BREAKPOINTS = [0, 50, 100, 150, 200, 300, 400, 500] as const;

/** The highest index the standard knows; a concentration beyond the last breakpoint is reported as this. */
export const INDEX_MAX = 500;

export type Pollutant = 'so2' | 'no2' | 'pm10' | 'pm25' | 'co' | 'o3';

/** In the order of the standard's table. CO in mg/m³, all others in µg/m³. */
export const POLLUTANTS: readonly Pollutant[] = ['so2', 'no2', 'pm10', 'co', 'o3', 'pm25'];

/** A table that ends before index 500 gives no index above its end: notes (2) and (3) of table 1. */
export type Breakpoints = Readonly<Record<Pollutant, readonly number[]>>;

const PM10 = [0, 50, 150, 250, 350, 420, 500, 600];
const PM25 = [0, 35, 75, 115, 150, 250, 350, 500];

/** One-hour averages. Particles have no hourly table: the national network reads their hours by the 24-hour one. */
export const HOUR: Breakpoints = {
  so2: [0, 150, 500, 650, 800],
  no2: [0, 100, 200, 700, 1200, 2340, 3090, 3840],
  pm10: PM10,
  co: [0, 5, 10, 35, 60, 90, 120, 150],
  o3: [0, 160, 200, 300, 400, 800, 1000, 1200],
  pm25: PM25,
};

/** 24-hour averages; for ozone the greatest running 8-hour average. */
export const DAY: Breakpoints = {
  so2: [0, 50, 150, 475, 800, 1600, 2100, 2620],
  no2: [0, 40, 80, 180, 280, 565, 750, 940],
  pm10: PM10,
  co: [0, 2, 4, 14, 24, 36, 48, 60],
  o3: [0, 100, 160, 215, 265, 800],
  pm25: PM25,
};
