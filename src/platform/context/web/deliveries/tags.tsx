import { StatusTag, type Tone } from '#platform/ui/web';
import type { Receiver, State, Summary } from './api.ts';
import { deliveriesWords } from './words.ts';

const HEALTH: Readonly<Record<Receiver['health'], Tone>> = {
  well: 'ok',
  failing: 'alarm',
  paused: 'warn',
};
const STATE: Readonly<Record<State, Tone>> = { waiting: 'notice', delivered: 'ok', dead: 'alarm' };
const STATUS: Readonly<Record<Summary['status'], Tone>> = {
  active: 'ok',
  paused: 'quiet',
  expired: 'quiet',
};

/** How a receiver is doing. */
export function HealthTag({ health }: { health: Receiver['health'] }) {
  const say = deliveriesWords.useText();
  return <StatusTag tone={HEALTH[health]}>{say(health)}</StatusTag>;
}

/** What became of a delivery. */
export function StateTag({ state }: { state: State }) {
  const say = deliveriesWords.useText();
  return <StatusTag tone={STATE[state]}>{say(state)}</StatusTag>;
}

/** Whether a subscription is told. */
export function StatusOf({ status }: { status: Summary['status'] }) {
  const say = deliveriesWords.useText();
  return (
    <StatusTag tone={STATUS[status]}>{say(status === 'paused' ? 'stopped' : status)}</StatusTag>
  );
}
