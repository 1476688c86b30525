import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openZone } from './zone.ts';

test('noon in Ningbo is four in the morning in Greenwich', () => {
  const zone = openZone('Asia/Shanghai');
  expect(zone.instantOf('2026-07-01', 720)).toEqual(new Date('2026-07-01T04:00:00Z'));
  expect(zone.localOf(new Date('2026-07-01T16:30:30Z'))).toEqual({
    day: '2026-07-02',
    minute: 30.5,
  });
});

test('a wall time that summer time skips is taken after the gap, one it repeats as the first', () => {
  const zone = openZone('Europe/Berlin');
  expect(zone.instantOf('2026-03-29', 150)).toEqual(new Date('2026-03-29T01:30:00Z'));
  expect(zone.instantOf('2026-10-25', 150)).toEqual(new Date('2026-10-25T00:30:00Z'));
});

test('the clock of a zone runs both ways', () => {
  for (const name of ['Asia/Shanghai', 'Asia/Kathmandu', 'Pacific/Apia'])
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2012-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (at) => {
          const zone = openZone(name);
          const { day, minute } = zone.localOf(at);
          const back = zone.localOf(zone.instantOf(day, minute));
          expect(back.day).toBe(day);
          expect(back.minute).toBeCloseTo(minute, 3);
        },
      ),
      { numRuns: 20 },
    );
});
