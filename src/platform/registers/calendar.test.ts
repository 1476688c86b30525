import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCalendar } from './calendar.ts';
import { plusDays } from './days.ts';
import { loadCity } from './profile.ts';

const { rules, years, city } = loadCity('cities/ningbo');
const calendar = openCalendar({ rules, years, timeZone: city.timeZone });
const at = (local: string) => new Date(`${local}+08:00`);

describe('days off and worked weekends as the yearly notices announce them', () => {
  const between = (from: string, to: string) => {
    const days = [from];
    while (days.at(-1)! < to) days.push(plusDays(days.at(-1)!, 1));
    return days;
  };
  test.each([
    ['2024-02-10', '2024-02-17', ['2024-02-04', '2024-02-18']],
    ['2024-10-01', '2024-10-07', ['2024-09-29', '2024-10-12']],
    ['2025-01-28', '2025-02-04', ['2025-01-26', '2025-02-08']],
    ['2025-10-01', '2025-10-08', ['2025-09-28', '2025-10-11']],
    ['2026-02-15', '2026-02-23', ['2026-02-14', '2026-02-28']],
    ['2026-10-01', '2026-10-07', ['2026-09-20', '2026-10-10']],
    ['2019-05-01', '2019-05-04', ['2019-04-28', '2019-05-05']],
    ['2015-09-03', '2015-09-05', ['2015-09-06']],
  ])('off from %s to %s, made up for on %j', (from, to, worked) => {
    for (const day of between(from, to))
      expect(calendar.dayOf(day)).toMatchObject({ working: false, official: true });
    for (const day of worked) expect(calendar.isWorkingDay(day), day).toBe(true);
  });

  test('the working days of a year are as many as announced', () => {
    const count = (year: number) =>
      between(`${year}-01-01`, `${year}-12-31`).filter((day) => calendar.isWorkingDay(day)).length;
    expect(count(2023)).toBe(249);
    expect(count(2024)).toBe(251);
    expect(count(2025)).toBe(248);
  });

  test('a year without its notice is answered, but not as official', () => {
    expect(calendar.dayOf('2027-01-01')).toMatchObject({ working: false, official: false });
    expect(calendar.dayOf('2027-01-04')).toEqual({
      day: '2027-01-04',
      working: true,
      official: false,
    });
    expect(calendar.addWorkingDays(at('2026-12-30T10:00:00'), 5).official).toBe(false);
  });

  test('what is no day is refused', () => {
    expect(() => calendar.dayOf('2026-02-30')).toThrow('2026-02-30 is no day of the calendar.');
  });
});

describe('working time', () => {
  test('a clock that starts before Spring Festival goes on after it', () => {
    const due = calendar.addWorkingTime(at('2024-02-09T16:30:00'), 120);
    expect(due).toEqual({ at: at('2024-02-18T09:30:00'), official: true });
  });
  test('lunch does not count', () => {
    expect(calendar.addWorkingTime(at('2026-03-10T11:30:00'), 60).at).toEqual(
      at('2026-03-10T14:00:00'),
    );
  });
  test('a piece of work handed in at night begins at opening', () => {
    expect(calendar.addWorkingTime(at('2026-03-10T22:00:00'), 1).at).toEqual(
      at('2026-03-11T08:31:00'),
    );
  });
  test('six working days over two holidays end at the close of a worked Saturday', () => {
    expect(calendar.addWorkingDays(at('2026-09-24T09:00:00'), 6).at).toEqual(
      at('2026-10-10T17:30:00'),
    );
  });
  test('a body of its own hours has its own clock', () => {
    const own = { ...rules, workingHoursOf: { health: [{ from: '00:00', to: '23:59' }] } };
    const health = openCalendar({ rules: own, years, timeZone: city.timeZone }, 'health');
    expect(health.addWorkingTime(at('2026-03-10T22:00:00'), 30).at).toEqual(
      at('2026-03-10T22:30:00'),
    );
  });
  test('time that would run backwards, or for decades, is refused', () => {
    expect(() => calendar.addWorkingTime(at('2026-03-10T10:00:00'), -1)).toThrow('forward');
    expect(() => calendar.addWorkingDays(at('2026-03-10T10:00:00'), 1.5)).toThrow('whole days');
    expect(() => calendar.addWorkingTime(at('2026-03-10T10:00:00'), 1e9)).toThrow(
      'at most 3660 days',
    );
  });

  const moment = fc.date({
    min: at('2010-01-01T00:00:00'),
    max: at('2026-10-01T00:00:00'),
    noInvalidDate: true,
  });
  const minutes = fc.integer({ min: 1, max: 4_800 });

  test('what was added is what lies between', () => {
    fc.assert(
      fc.property(moment, minutes, (from, added) => {
        const due = calendar.addWorkingTime(from, added).at;
        expect(calendar.workingMinutesBetween(from, due)).toBeCloseTo(added, 6);
        expect(calendar.workingMinutesBetween(due, from)).toBeCloseTo(-added, 6);
      }),
      { numRuns: 60 },
    );
  });
  test('adding in two steps is adding at once', () => {
    fc.assert(
      fc.property(moment, minutes, minutes, (from, one, two) => {
        const stepped = calendar.addWorkingTime(calendar.addWorkingTime(from, one).at, two).at;
        const once = calendar.addWorkingTime(from, one + two).at;
        expect(Math.abs(stepped.getTime() - once.getTime())).toBeLessThan(2);
      }),
      { numRuns: 60 },
    );
  });
  test('more work is never due earlier, and never outside working hours', () => {
    fc.assert(
      fc.property(moment, minutes, minutes, (from, a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)].map(
          (m) => calendar.addWorkingTime(from, m).at,
        );
        expect(few! <= many!).toBe(true);
        const local = new Date(many!.getTime() + 8 * 3_600_000).toISOString();
        expect(calendar.isWorkingDay(local.slice(0, 10))).toBe(true);
        expect(local.slice(11, 16) >= '08:30' && local.slice(11, 16) <= '17:30').toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
