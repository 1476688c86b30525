import type { Behaviour } from '#platform/registers';
import { type Chance, normal, wander } from './chance.ts';

/** Where and how fast a thing is, where it moves. */
export type Motion = { readonly speedKmh: number; readonly heading: number };

export type Moment = {
  readonly ms: number;
  /** Hours since 1970 on the city's clocks. */
  readonly localHours: number;
  /** Which of its samples this is, counted from 1970. */
  readonly sample: number;
  readonly motion?: Motion;
};

/** Principal lunar and solar semidiurnal constituents, in hours; their beat makes spring and neap tides. */
const M2_HOURS = 12.420_601_2;
const S2_HOURS = 12;
const SOLAR_SHARE = 0.28;
const DAY_BEGINS = 6;
const DAY_ENDS = 22;
/** Counters began to count here: 2026-01-01 on the city's clocks. */
const COUNTED_FROM_HOURS = 490_896;

const clamp = (value: number, { min, max }: { min?: number; max?: number }) =>
  Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, value));

/** The shorter way round the clock. */
const hoursApart = (a: number, b: number): number => {
  const apart = Math.abs((((a - b) % 24) + 24) % 24);
  return Math.min(apart, 24 - apart);
};

/** Of 24 hours' consumption, how many days' worth has gone by: faster by day than by night. */
const daysConsumed = (hours: number, dayShare: number): number => {
  const day = Math.floor(hours / 24);
  const hour = hours - day * 24;
  const light = clamp(hour - DAY_BEGINS, { min: 0, max: DAY_ENDS - DAY_BEGINS });
  return day + (light / (DAY_ENDS - DAY_BEGINS)) * dayShare + ((hour - light) / 8) * (1 - dayShare);
};

const choose = <T>(values: readonly T[], weights: readonly number[], chance: number): T => {
  let left = chance * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, value] of values.entries()) {
    left -= weights[i] ?? 0;
    if (left < 0) return value;
  }
  return values.at(-1)!;
};

const countUp = (b: Behaviour & { kind: 'counter' }, scale: number, localHours: number): number => {
  const since = localHours - COUNTED_FROM_HOURS;
  const hours = b.dayShare === undefined ? since : daysConsumed(since, b.dayShare) * 24;
  return b.start + b.perHour * scale * hours;
};

const fill = (
  b: Behaviour & { kind: 'fill' },
  scale: number,
  moment: Moment,
  chance: Chance,
): number => {
  const hoursToFull = (b.max - b.min) / (b.perHour * scale);
  const along = (moment.localHours / hoursToFull + chance(0)) % 1;
  return clamp(b.min + (b.max - b.min) * along + (b.noise ?? 0) * normal(chance, moment.sample), b);
};

const tide = (b: Behaviour & { kind: 'tide' }, scale: number, { ms }: Moment): number => {
  const hours = ms / 3_600_000 - b.lagHours;
  const wave = (period: number) => Math.cos((2 * Math.PI * hours) / period);
  const shape = (1 - SOLAR_SHARE) * wave(M2_HOURS) + SOLAR_SHARE * wave(S2_HOURS);
  return b.mean * scale + b.amplitude * scale * shape;
};

/**
 * A walk of `step` a sample that is drawn home by `pull` has, after a while, this deviation, and forgets where it was
 * within 1/pull samples (the stationary autoregressive process of order one).
 */
const walk = (b: Behaviour & { kind: 'walk' }, { sample }: Moment, chance: Chance): number => {
  const deviation = b.step / Math.sqrt(b.pull * (2 - b.pull));
  return b.start + deviation * wander(chance, sample * b.pull);
};

/** What a made-up quantity is at a moment: the same for the same seed, device and moment. */
export const valueOf = (
  b: Behaviour,
  scale: number,
  moment: Moment,
  chance: Chance,
): number | string | boolean | undefined => {
  const hour = moment.localHours % 24;
  const noise = 'noise' in b && b.noise ? b.noise * normal(chance, moment.sample) : 0;
  switch (b.kind) {
    case 'constant':
      return b.value;
    case 'daily':
      return clamp(
        scale * (b.mean + b.amplitude * Math.cos((2 * Math.PI * (hour - b.peakHour)) / 24)) + noise,
        b,
      );
    case 'peaks': {
      const bells = b.hours.map((at) =>
        Math.exp(-((hoursApart(hour, at) / b.widthHours) ** 2) / 2),
      );
      return clamp(
        scale * (b.base + b.peak * bells.reduce((sum, bell) => sum + bell, 0)) + noise,
        b,
      );
    }
    case 'tide':
      return clamp(tide(b, scale, moment) + noise, b);
    case 'walk':
      return clamp(walk(b, moment, chance), b);
    case 'counter':
      return countUp(b, scale, moment.localHours);
    case 'fill':
      return fill(b, scale, moment, chance);
    case 'state':
      return choose(
        b.values,
        b.weights,
        chance(Math.floor(moment.localHours * (60 / b.holdMinutes))),
      );
    case 'movement':
      return b.of === 'speed' ? moment.motion?.speedKmh : moment.motion?.heading;
  }
};
