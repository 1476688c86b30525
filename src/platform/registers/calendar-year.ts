import type { Static } from 'typebox';
import type { WorkingCalendar } from './calendar.ts';
import type { answers } from './contract.ts';
import { daysBetween } from './days.ts';
import type { CityProfile } from './profile.ts';

export type CalendarAnswer = Static<typeof answers.calendar>;

/** A year as announced; of one without its notice, only what is the same every year, marked as not official. */
export const describeYear = (
  { years, rules }: Pick<CityProfile, 'years' | 'rules'>,
  calendar: WorkingCalendar,
  year: number,
): CalendarAnswer => {
  const known = years.find((y) => y.year === year);
  return {
    year,
    official: known !== undefined,
    workingDays: daysBetween(`${year}-01-01`, `${year}-12-31`).filter(calendar.isWorkingDay).length,
    workingHours: rules.workingHours,
    source: known?.source ?? null,
    daysOff:
      known?.daysOff ??
      rules.fixedDaysOff.map(({ day, name }) => ({
        name,
        from: `${year}-${day}`,
        to: `${year}-${day}`,
      })),
    workedWeekendDays: known?.workedWeekendDays ?? [],
  };
};
