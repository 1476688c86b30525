export { systemClock, fixedClock, type Clock } from './clock.ts';
export { parseInstant, toInstant } from './instant.ts';
export { parseDurationMs } from './duration.ts';
