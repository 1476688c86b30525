import { expect, test } from 'vitest';
import { type Behaviour, loadCity } from '#platform/registers';
import { valueOf } from './behaviours.ts';
import { normal, openChance, wander } from './chance.ts';
import { toDemoDevices } from './demo-device.ts';
import { openLocalHours } from './local-hours.ts';
import { openMovement } from './movement.ts';
import { stretchOf } from './run.ts';
import { translatePlain } from '../readings/plain.ts';

const NOON = Date.parse('2026-03-01T04:00:00Z'); // 12:00 in Ningbo
const HOUR_MS = 3_600_000;
const hoursOf = openLocalHours('Asia/Shanghai');
const momentAt = (ms: number) => ({ ms, localHours: hoursOf(ms), sample: Math.floor(ms / 60_000) });
const quiet = openChance(1, 'x');
const hourly = Array.from({ length: 48 }, (_, i) => NOON + i * HOUR_MS);

test('the same seed, name and moment give the same chance, others another', () => {
  expect(openChance(1, 'a')(5)).toBe(openChance(1, 'a')(5));
  const values = [
    openChance(1, 'a')(5),
    openChance(2, 'a')(5),
    openChance(1, 'b')(5),
    openChance(1, 'a')(6),
  ];
  expect(new Set(values).size).toBe(4);
});

test('chance is even, noise is normal, and a walk keeps the deviation it was given', () => {
  const slots = Array.from({ length: 20_000 }, (_, i) => i);
  const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const deviation = (numbers: number[]) => {
    const middle = mean(numbers);
    return Math.sqrt(mean(numbers.map((n) => (n - middle) ** 2)));
  };
  expect(mean(slots.map(quiet))).toBeCloseTo(0.5, 1);
  expect(deviation(slots.map(quiet))).toBeCloseTo(Math.sqrt(1 / 12), 1);
  expect(mean(slots.map((slot) => normal(quiet, slot)))).toBeCloseTo(0, 1);
  expect(deviation(slots.map((slot) => normal(quiet, slot)))).toBeCloseTo(1, 1);
  expect(deviation(slots.map((slot) => wander(quiet, slot * 0.37)))).toBeCloseTo(1, 1);
});

test('local hours follow the zone, through a change of the clocks too', () => {
  expect(hoursOf(NOON) % 24).toBe(12);
  const berlin = openLocalHours('Europe/Berlin');
  expect(berlin(Date.parse('2026-03-29T00:30:00Z')) % 24).toBe(1.5);
  expect(berlin(Date.parse('2026-03-29T01:30:00Z')) % 24).toBe(3.5);
});

test('a daily quantity is highest at its hour', () => {
  const daily = { kind: 'daily', mean: 20, amplitude: 5, peakHour: 15 } as const;
  const values = hourly.map((ms) => valueOf(daily, 1, momentAt(ms), quiet) as number);
  expect(Math.max(...values)).toBeCloseTo(25);
  expect(new Date(hourly[values.indexOf(Math.max(...values))]!).toISOString()).toBe(
    '2026-03-01T07:00:00.000Z',
  );
});

test('a peak reaches over midnight', () => {
  const peaks = {
    kind: 'peaks' as const,
    base: 0,
    peak: 10,
    hours: [23.5],
    widthHours: 1,
  } satisfies Behaviour;
  const at = (time: string) => valueOf(peaks, 1, momentAt(Date.parse(time)), quiet) as number;
  expect(at('2026-03-01T23:30:00+08:00')).toBeCloseTo(10);
  expect(at('2026-03-02T00:30:00+08:00')).toBeCloseTo(at('2026-03-01T22:30:00+08:00'));
});

test('a tide is high about twice a lunar day, and never beyond its amplitude', () => {
  const tide = { kind: 'tide', mean: 0.3, amplitude: 1.5, lagHours: 2.4 } as const;
  const values = Array.from(
    { length: 24 * 60 },
    (_, i) => valueOf(tide, 1, momentAt(NOON + i * HOUR_MS), quiet) as number,
  );
  expect(Math.max(...values)).toBeLessThanOrEqual(1.8);
  const highs = values.filter(
    (v, i) => v > (values[i - 1] ?? v) && v >= (values[i + 1] ?? v),
  ).length;
  expect(highs).toBeGreaterThan(112); // 60 days of 24.84 h, two each: 116
  expect(highs).toBeLessThan(120);
});

test('a counter only grows, by its rate a day', () => {
  const counter = { kind: 'counter', start: 100, perHour: 2, dayShare: 0.8 } as const;
  const values = hourly.map((ms) => valueOf(counter, 1, momentAt(ms), quiet) as number);
  expect(values.every((v, i) => i === 0 || v > values[i - 1]!)).toBe(true);
  expect(values[24]! - values[0]!).toBeCloseTo(48);
});

test('a moving thing keeps its speed along its route, waits at points, and turns back', () => {
  const route = {
    name: { zh: '', en: '' },
    turn: 'back',
    dwellSeconds: 60,
    points: [
      [121, 30],
      [121.1, 30],
      [121.2, 30],
    ],
  } as const;
  const at = openMovement(route as never, 36, 0);
  const km = 0.1 * 111.195 * Math.cos((30 * Math.PI) / 180);
  const legSeconds = km * 100; // 36 km/h are 10 m/s
  const round = 4 * (60 + legSeconds);
  expect(at(0)).toMatchObject({ position: [121, 30], speedKmh: 0 });
  expect(at((60 + legSeconds / 2) * 1000)).toMatchObject({
    position: [121.05, 30],
    speedKmh: 36,
    heading: 90,
  });
  expect(at((60 + legSeconds + 30) * 1000)).toMatchObject({ position: [121.1, 30], speedKmh: 0 });
  expect(at((round - 1) * 1000).heading).toBeCloseTo(270);
  expect(at(round * 1000).position[0]).toBeCloseTo(121, 4);
});

test('every demonstration device of the city says what the plain form understands', () => {
  const { demonstration, city } = loadCity('cities/ningbo');
  const devices = toDemoDevices(demonstration, openLocalHours(city.timeZone), 1);
  expect(devices.length).toBe(demonstration.devices.length);
  for (const { payloadAt, registration } of devices) {
    for (const ms of hourly) {
      const said = translatePlain(payloadAt(ms), { receivedAt: ms, anyAge: false });
      expect(said.attributes.length, registration.id).toBeGreaterThan(0);
      expect(said.attributes.every((a) => a.value !== undefined && !Number.isNaN(a.value))).toBe(
        true,
      );
    }
    expect(payloadAt(NOON)).toEqual(payloadAt(NOON));
  }
});

test('a rate stretches all intervals alike', () => {
  expect(stretchOf([{ intervalSeconds: 1 }, { intervalSeconds: 2 }], 3)).toBe(0.5);
});
