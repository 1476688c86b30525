import { expect, test } from 'vitest';
import { between, kmBetween, stateAt } from './typhoon.ts';

// In-Fa (SN 202109) in JTWC's best track, 25 July 2021.
const track = [
  { at: '2021-07-25T12:00:00Z', position: [122, 30.2], windMs: 25.7, pressureHpa: 980 },
  { at: '2021-07-25T18:00:00Z', position: [121.4, 30.4], windMs: 23.1, pressureHpa: 982 },
] as const;

test('the eye moves between the points of the track, and stands before the first and after the last', () => {
  const middle = stateAt(track, Date.parse('2021-07-25T15:00:00Z'));
  expect(middle.position[0]).toBeCloseTo(121.7, 2);
  expect(middle.windMs).toBeCloseTo(24.4, 5);
  expect(stateAt(track, Date.parse('2021-07-20T00:00:00Z'))).toBe(track[0]);
  expect(stateAt(track, Date.parse('2021-08-01T00:00:00Z'))).toBe(track[1]);
});

test('a degree of longitude on the equator is 111.195 km, and the middle is half way', () => {
  expect(kmBetween([0, 0], [1, 0])).toBeCloseTo(111.195, 2);
  const half = between([120, 30], [130, 40], 0.5);
  expect(kmBetween([120, 30], half)).toBeCloseTo(kmBetween(half, [130, 40]), 6);
});
