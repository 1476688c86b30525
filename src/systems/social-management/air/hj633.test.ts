import { describe, expect, test } from 'vitest';
import { dailyAirQuality, dailyIndex, hourlyAirQuality, hourlyIndex } from './hj633.ts';
import { airLevel } from './levels.ts';

describe('the individual index', () => {
  test('is exactly the breakpoint at a breakpoint', () => {
    expect(hourlyIndex('o3', 160)).toBe(50);
    expect(hourlyIndex('co', 10)).toBe(100);
    expect(dailyIndex('no2', 180)).toBe(150);
    expect(dailyIndex('pm25', 500)).toBe(500);
    expect(dailyIndex('so2', 0)).toBe(0);
  });

  test('is rounded up, never down', () => {
    expect(dailyIndex('pm25', 36)).toBe(52); // 51.25
    expect(dailyIndex('pm25', 35.001)).toBe(51);
    expect(hourlyIndex('co', 0.1)).toBe(1);
  });

  test('is not carried over a whole number by binary fractions', () => {
    expect(hourlyIndex('co', 0.7)).toBe(7); // 0.7 / 5 · 50, which a double computes as 6.999… or 7.000…1
    expect(dailyIndex('co', 1.16)).toBe(29);
  });

  test('ends at 500 where the table ends there', () => {
    expect(hourlyIndex('pm10', 1200)).toBe(500);
    expect(hourlyIndex('o3', 1201)).toBe(500);
  });

  test('does not exist for hourly SO2 above 800 nor for 8-hour ozone above 800', () => {
    expect(hourlyIndex('so2', 800)).toBe(200);
    expect(hourlyIndex('so2', 801)).toBeUndefined();
    expect(dailyIndex('o3', 800)).toBe(300);
    expect(dailyIndex('o3', 801)).toBeUndefined();
  });

  test('does not exist for what is no concentration', () => {
    expect(hourlyIndex('pm25', -1)).toBeUndefined();
    expect(hourlyIndex('pm25', NaN)).toBeUndefined();
    expect(hourlyIndex('pm25', Infinity)).toBeUndefined();
  });
});

describe('the air quality of an hour', () => {
  test('names no primary pollutant up to 50 and all that share the greatest index above it', () => {
    expect(hourlyAirQuality({ pm25: 35, pm10: 50 })).toMatchObject({ index: 50, primary: [] });
    expect(hourlyAirQuality({ pm25: 75, pm10: 150 })).toMatchObject({
      index: 100,
      primary: ['pm10', 'pm25'],
      exceeding: [],
    });
    expect(hourlyAirQuality({ pm25: 76, pm10: 151 })?.exceeding).toEqual(['pm10', 'pm25']);
  });

  test('takes the day of SO2 when its hour is above 800', () => {
    expect(hourlyAirQuality({ so2: 900, pm25: 10 })?.index).toBe(15);
    expect(hourlyAirQuality({ so2: 900, pm25: 10 }, 1600)).toMatchObject({
      index: 300,
      primary: ['so2'],
    });
  });

  test('is unknown when nothing was measured', () => {
    expect(hourlyAirQuality({})).toBeUndefined();
  });
});

test('the air quality of a day takes the hour of ozone when its 8-hour average is above 800', () => {
  expect(dailyAirQuality({ o3: 900, pm25: 10 }, 1000)).toMatchObject({
    index: 400,
    primary: ['o3'],
  });
  expect(dailyAirQuality({ o3: 900, pm25: 10 })?.index).toBe(15);
  expect(dailyAirQuality({ o3: 100, pm25: 10 }, 200)).toMatchObject({
    index: 100,
    primary: ['o3'],
  });
});

test('a level begins one above the end of the one before', () => {
  expect(
    [50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500].map((i) => airLevel(i).name.zh),
  ).toEqual([
    '优',
    '良',
    '良',
    '轻度污染',
    '轻度污染',
    '中度污染',
    '中度污染',
    '重度污染',
    '重度污染',
    '严重污染',
    '严重污染',
  ]);
});
