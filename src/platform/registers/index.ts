export { openCalendar, type CalendarDay, type Deadline, type WorkingCalendar } from './calendar.ts';
export type { CalendarRules, CalendarYear } from './calendar-files.ts';
export type { Body, City, District } from './city.ts';
export type { Behaviour, DemoDevice, Demonstration, DeviceKind, Route } from './demonstration.ts';
export { distanceKm, isInside, type Position } from './geometry.ts';
export { loadOutline, type Outline } from './outline.ts';
export { loadStreets, type Place } from './places.ts';
export { loadCity, type CityProfile } from './profile.ts';
export type { Plan, Target } from './programme-tables.ts';
