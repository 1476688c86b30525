import type { Position } from './geometry.ts';

/** Krasovsky 1940, the ellipsoid in whose terms the offset is stated. */
const SEMI_MAJOR_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;
const ROUNDS_MAX = 10;
const CLOSE_ENOUGH_DEGREES = 1e-9;

const waves = (x: number) => 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);

const offsetMetres = (x: number, y: number) => {
  const root = Math.sqrt(Math.abs(x));
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * root +
    (2 / 3) *
      (waves(x) +
        20 * Math.sin(y * Math.PI) +
        40 * Math.sin((y / 3) * Math.PI) +
        160 * Math.sin((y / 12) * Math.PI) +
        320 * Math.sin((y / 30) * Math.PI));
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * root +
    (2 / 3) *
      (waves(x) +
        20 * Math.sin(x * Math.PI) +
        40 * Math.sin((x / 3) * Math.PI) +
        150 * Math.sin((x / 12) * Math.PI) +
        300 * Math.sin((x / 30) * Math.PI));
  return { north, east };
};

/**
 * WGS 84 → GCJ-02, the shifted datum that public maps of mainland China are drawn in. The shift (some hundred metres)
 * has no official text; this is the formula in general use, whose outline of a city was compared with a surveyed one.
 */
export const toGcj02 = ([longitude, latitude]: Position): Position => {
  const { north, east } = offsetMetres(longitude - 105, latitude - 35);
  const phi = (latitude * Math.PI) / 180;
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2;
  const meridianM = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (w * Math.sqrt(w));
  const parallelM = (SEMI_MAJOR_M / Math.sqrt(w)) * Math.cos(phi);
  return [
    longitude + (east / parallelM) * (180 / Math.PI),
    latitude + (north / meridianM) * (180 / Math.PI),
  ];
};

/** GCJ-02 → WGS 84, by correcting a guess until it maps to the given position. */
export const fromGcj02 = (position: Position): Position => {
  let [longitude, latitude] = position;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const [x, y] = toGcj02([longitude, latitude]);
    const [dx, dy] = [position[0] - x, position[1] - y];
    longitude += dx;
    latitude += dy;
    if (Math.abs(dx) + Math.abs(dy) < CLOSE_ENOUGH_DEGREES) break;
  }
  return [longitude, latitude];
};
