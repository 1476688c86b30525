import { jetstream, JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Metrics } from '#kernel/metrics';
import { Away, type Consumer, type Event } from '#kernel/outbox';
import { cloudEventOf, subjectOf } from './cloud-event.ts';
import { ensureStream } from './stream.ts';
import type { Connection } from './connection.ts';

const ACK_TIMEOUT_MS = 5_000;
/** Headers and the rest of a message besides its payload. */
const ENVELOPE_BYTES = 1024;
const WRONG_LAST_MESSAGE = 10_070;

type Needs = {
  readonly connection: Connection;
  readonly stream: string;
  /** Names this house among others on the same NATS. */
  readonly house: string;
  readonly source: string;
  readonly metrics: Metrics;
};

type Message = { readonly id: string; readonly subject: string; readonly payload: Uint8Array };

/**
 * Passes every event on to JetStream, in order and at least once: the consumer's place moves when NATS has acknowledged
 * that it keeps the event. A repeat carries the same id, by which NATS drops it, and a reader may where NATS does not.
 */
export const openPublisher = ({ connection, stream, house, source, metrics }: Needs): Consumer => {
  const published = metrics.counter({
    name: 'nats_events_total',
    help: 'Events that NATS JetStream has acknowledged',
  });
  let ready: { on: NatsConnection; client: JetStreamClient } | undefined;

  const clientOn = async (on: NatsConnection): Promise<JetStreamClient> => {
    if (ready?.on === on) return ready.client;
    await ensureStream(on, stream);
    ready = { on, client: jetstream(on, { timeout: ACK_TIMEOUT_MS }) };
    return ready.client;
  };

  const toMessage = (event: Event, bytesMax: number): Message => {
    const payload = Buffer.from(cloudEventOf(event, source));
    if (payload.length > bytesMax - ENVELOPE_BYTES)
      throw new Error(`The event has ${payload.length} bytes; NATS takes ${bytesMax}.`);
    return { id: `${house}-${event.seq}`, subject: subjectOf(event), payload };
  };

  /** `after` is the message that must be the stream's newest: what is sent ahead of its turn is not taken. */
  const publish = (client: JetStreamClient, message: Message, after?: string) => {
    const head = headers();
    head.set('content-type', 'application/cloudevents+json; charset=utf-8');
    return client.publish(message.subject, message.payload, {
      msgID: message.id,
      headers: head,
      ...(after !== undefined && { expect: { lastMsgID: after } }),
    });
  };

  /** All at once, each bound to the one before it, so that a loss in the middle cannot change the order. */
  const publishAll = async (client: JetStreamClient, messages: readonly Message[]) => {
    const acks = await Promise.allSettled(
      messages.map((message, i) => publish(client, message, messages[i - 1]?.id)),
    );
    const at = acks.findIndex(({ status }) => status === 'rejected');
    if (at < 0) return;
    const { reason } = acks[at] as PromiseRejectedResult;
    if (!(reason instanceof JetStreamApiError) || reason.code !== WRONG_LAST_MESSAGE) throw reason;
    // Somebody else writes to this stream too: one by one.
    for (const message of messages.slice(at)) await publish(client, message);
  };

  return {
    name: 'kernel.nats',
    handle: async (events) => {
      const on = connection.current();
      if (!on) throw new Away('NATS is away.');
      const bytesMax = on.info?.max_payload ?? 1024 * 1024;
      const messages = events.map((event) => toMessage(event, bytesMax));
      try {
        await publishAll(await clientOn(on), messages);
      } catch (error) {
        // The stream may be gone, JetStream full or without a leader: looked at anew the next time.
        ready = undefined;
        throw new Away('NATS JetStream takes nothing.', { cause: error });
      }
      published.inc(messages.length);
    },
  };
};
