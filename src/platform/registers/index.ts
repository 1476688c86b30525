import { port } from '#kernel/module';
import type { WorkingCalendar } from './calendar.ts';
import type { Body, City, District } from './city.ts';
import type { Day } from './days.ts';
import type { Demonstration } from './demonstration.ts';
import type { Position } from './geometry.ts';
import type { Outline } from './outline.ts';
import type { Plan, Target } from './programme-tables.ts';

export { openCalendar, type CalendarDay, type Deadline, type WorkingCalendar } from './calendar.ts';
export type { CalendarRules, CalendarYear } from './calendar-files.ts';
export type { Body, City, District } from './city.ts';
export type { Day } from './days.ts';
export type {
  Behaviour,
  DemoDevice,
  Demonstration,
  DeviceKind,
  Quantity,
  Route,
} from './demonstration.ts';
export { distanceKm, isInside, type Position } from './geometry.ts';
export type { Outline } from './outline.ts';
export type { Place } from './places.ts';
export { loadCity, type CityProfile } from './profile.ts';
export { PlanSchema, TargetsSchema, type Plan, type Target } from './programme-tables.ts';

export type Registers = {
  readonly city: () => City;
  /** Districts and counties in force on a day; today where none is given. */
  readonly districts: (on?: Day) => District[];
  /** Bodies in force on a day; today where none is given. */
  readonly bodies: (on?: Day) => Body[];
  /** The working calendar of the city, or of one of its bodies with hours of its own. */
  readonly calendar: (body?: string) => WorkingCalendar;
  readonly outline: () => Outline;
  readonly plan: () => Plan;
  readonly targets: () => readonly Target[];
  /** The made-up devices of the demonstration. */
  readonly demonstration: () => Demonstration;
  /**
   * The district of today that a position (WGS 84) lies in: by imported boundaries where there are any, else the one with
   * the nearest seat inside the outline, marked approximate. Undefined outside the city.
   */
  readonly districtAt: (
    position: Position,
  ) => Promise<{ readonly district: District; readonly approximate: boolean } | undefined>;
};

export const registers = port<Registers>()('registers');
