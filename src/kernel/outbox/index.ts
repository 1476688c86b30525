export { appendEvents, appendingText, type Event, type NewEvent } from './events.ts';
export { openOutbox, type Outbox } from './outbox.ts';
export type { Consumer } from './consumer.ts';
export type { DeadLetter } from './dead-letters.ts';
