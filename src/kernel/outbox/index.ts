export {
  appendEvents,
  appendingText,
  type Committed,
  committedOf,
  type Event,
  type EventText,
  type NewEvent,
} from './events.ts';
export { openOutbox, type Outbox, type Wakes } from './outbox.ts';
export { Away, type Consumer } from './consumer.ts';
export type { DeadLetter } from './dead-letters.ts';
