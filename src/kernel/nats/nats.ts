import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import type { Consumer, Wakes } from '#kernel/outbox';
import { keepConnection } from './connection.ts';
import { openPublisher } from './publisher.ts';

/** Many commits within this time wake the others once. */
const TELL_EVERY_MS = 5;

export type NatsSettings = {
  readonly urls: string;
  readonly stream: string;
  /** Names this house among others on the same NATS. */
  readonly house: string;
  /** The `source` of its events. */
  readonly source: string;
};

export type Nats = {
  /** By which the processes of this house tell each other of commits; where NATS is away they look by themselves. */
  readonly wakes: Wakes;
  /** Passes every event on to the stream. */
  readonly consumer: Consumer;
  readonly isUp: () => boolean;
  readonly close: () => Promise<void>;
};

/** NATS with JetStream behind the outbox. It need not be there: nothing waits for it but what is meant for it. */
export const openNats = (settings: NatsSettings, log: Logger, metrics: Metrics): Nats => {
  const subject = `sanjiang.${settings.house}.committed`;
  let hear = () => {};
  let telling: NodeJS.Timeout | undefined;

  const up = metrics.gauge({ name: 'nats_up', help: '1 while NATS is connected' });
  up.set(0);
  const connection = keepConnection(
    settings.urls,
    log,
    (to, isNew) => {
      if (isNew) to.subscribe(subject, { callback: () => hear() });
      hear(); // of what was said while we could not listen
    },
    (isUp) => up.set(isUp ? 1 : 0),
  );

  return {
    wakes: {
      isOpen: () => connection.current() !== undefined,
      onHeard: (heard) => {
        hear = heard;
      },
      tell: () => {
        telling ??= setTimeout(() => {
          telling = undefined;
          connection.current()?.publish(subject);
        }, TELL_EVERY_MS);
      },
    },
    consumer: openPublisher({ ...settings, connection, metrics }),
    isUp: () => connection.current() !== undefined,
    close: async () => {
      clearTimeout(telling);
      await connection.close();
    },
  };
};
