import { Refusal, type RefusalKind, toRefusal } from '#kernel/errors';
import type { Metrics } from '#kernel/metrics';
import type { Clock } from '#kernel/time';
import type { Context, Operation, Outcome } from '#platform/context';
import { openAllowance } from './allowance.ts';
import type { Presence } from './presence.ts';
import { isTooDeep, parsePayload, TOO_DEEP } from './readings/payload.ts';
import {
  type Arrival,
  rememberNames,
  type Reading,
  type Source,
  toReading,
} from './readings/reading.ts';

/** What will be refused again however often it comes; everything else deserves another try. */
const FINAL = new Set<RefusalKind | undefined>(['invalid', 'too-large', 'too-many']);
export const isFinal = (error: unknown): error is Refusal =>
  error instanceof Refusal && FINAL.has(error.kind);

/** How many readings go to the context in one call: as many as one of its commits carries. */
const BATCH_READINGS_MAX = 250;
/** One batch in the database's hands and one waiting at its door; the third gathers meanwhile. */
const CALLS_MAX = 2;
/** Past this no new connection is let in. Each connection holds at most what one read of its socket brought. */
export const WAITING_READINGS_MAX = 15_000;

export type Done = (error?: unknown) => void;
type Waiting = {
  readonly operation: Operation;
  readonly done: (outcome: Outcome | undefined, error?: unknown) => void;
};

export type Via = 'mqtt' | 'http' | 'import';

type Needs = {
  readonly context: Pick<Context, 'write' | 'nameOf'>;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Told of entities that a reading brought into being, which nobody has described yet. */
  readonly created: (source: Source) => void;
};

/** The one way in: payloads become writes, writes share commits, and nobody is answered before the commit. */
export const openIntake = ({ context, presence, metrics, clock, created }: Needs) => {
  const outcomes = metrics.counter({
    name: 'sensing_readings_total',
    help: 'Readings by the door they came through and what became of them',
    labels: ['via', 'outcome'],
  });
  const nameOf = rememberNames(context.nameOf);
  const allow = openAllowance(clock);
  let waiting: Waiting[] = [];
  let calls = 0;
  let planned = false;
  let idle: (() => void)[] = [];

  const write = async (batch: readonly Waiting[]) => {
    try {
      const done = await context.write(batch.map((one) => one.operation));
      for (const [i, one] of batch.entries()) one.done(done[i]);
    } catch (error) {
      // One that the context cannot bear must not keep the others from being stored.
      const kind = toRefusal(error)?.kind;
      const one =
        batch.length === 1 || kind === 'unavailable' || kind === 'full' || kind === 'timeout';
      if (one) for (const each of batch) each.done(undefined, error);
      else for (const each of batch) await write([each]);
    }
  };

  const pump = () => {
    planned = false;
    while (calls < CALLS_MAX && waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_READINGS_MAX);
      waiting = waiting.slice(BATCH_READINGS_MAX);
      calls++;
      void write(batch).finally(() => {
        calls--;
        pump();
        if (calls > 0) return;
        for (const tell of idle) tell();
        idle = [];
      });
    }
  };

  /** Everything that arrives in this turn of the loop goes together. */
  const plan = () => {
    if (planned || calls >= CALLS_MAX) return;
    planned = true;
    setImmediate(pump);
  };

  const push = (
    source: Source,
    { operation, message, late }: Reading,
    via: Via,
    receivedAt: number,
    done: Done,
  ) => {
    waiting.push({
      operation,
      done: (outcome, error) => {
        if (error !== undefined || outcome === undefined) {
          outcomes.inc({ via, outcome: 'failed' });
          done(error ?? new Refusal('unavailable', 'The reading was not stored.'));
          return;
        }
        if (outcome.done === 'refused') {
          outcomes.inc({ via, outcome: 'refused' });
          done(new Refusal('invalid', outcome.detail));
          return;
        }
        const repeated = outcome.done === 'unchanged' && operation.once !== undefined;
        outcomes.inc({ via, outcome: repeated ? 'repeated' : late ? 'late' : 'taken' });
        if (!repeated) presence.seen(source.id, receivedAt, message);
        if (outcome.done === 'created') created(source);
        done();
      },
    });
    plan();
  };

  const refuse = (device: string, via: Via, reason: string, payload: string) => {
    outcomes.inc({ via, outcome: 'refused' });
    presence.refuse(device, clock.now().getTime(), via, reason, payload);
  };

  return {
    refuse,
    waiting: () => waiting.length,

    /**
     * The hot path: one message of a device. `done` is called once, after the commit or with what prevented it.
     */
    takeMessage: (
      source: Source,
      bytes: Uint8Array,
      via: Via,
      arrival: Omit<Arrival, 'receivedAt'>,
      done: Done,
    ) => {
      const receivedAt = clock.now().getTime();
      let readings: Reading[];
      try {
        const payloads = parsePayload(bytes);
        if (source.sandbox) allow(source.id, payloads.length);
        const { sending } = arrival;
        readings = payloads.map((payload, i) =>
          toReading(
            source,
            payload,
            {
              ...arrival,
              receivedAt,
              ...(sending && payloads.length > 1
                ? { sending: { ...sending, packet: `${sending.packet}.${i}` } }
                : {}),
            },
            nameOf,
          ),
        );
      } catch (error) {
        done(error);
        return;
      }
      let left = readings.length;
      let failed: unknown;
      for (const reading of readings)
        push(source, reading, via, receivedAt, (error) => {
          failed ??= error;
          if (--left === 0) done(failed);
        });
    },

    /** Readings of any device, all or none in form; throws Refusal('invalid') naming the first at fault. */
    take: async (
      source: Source,
      payloads: readonly unknown[],
      via: Via,
      anyAge = false,
    ): Promise<void> => {
      const receivedAt = clock.now().getTime();
      if (source.sandbox) allow(source.id, payloads.length);
      const readings = payloads.map((payload, i) => {
        if (isTooDeep(payload)) {
          refuse(source.id, via, TOO_DEEP, '');
          throw new Refusal('invalid', TOO_DEEP, { reading: i });
        }
        try {
          return toReading(source, payload, { receivedAt, anyAge }, nameOf);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          refuse(source.id, via, error.message, JSON.stringify(payload) ?? '');
          throw new Refusal(error.kind, error.message, { ...error.facts, reading: i });
        }
      });
      await Promise.all(
        readings.map(
          (reading) =>
            new Promise<void>((taken, failed) => {
              push(source, reading, via, receivedAt, (error) =>
                error === undefined ? taken() : failed(error),
              );
            }),
        ),
      );
    },

    /** When nothing waits for a commit any more. */
    drained: async (): Promise<void> => {
      if (waiting.length > 0 || calls > 0) await new Promise<void>((done) => idle.push(done));
    },
  };
};
export type Intake = ReturnType<typeof openIntake>;
