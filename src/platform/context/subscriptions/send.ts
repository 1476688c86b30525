import { type Actor, ANONYMOUS } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Egress } from '#kernel/egress';
import { must, Refusal } from '#kernel/errors';
import type { ReadLinked } from '../entity/linked.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import { seen, type SightOf } from '../sight.ts';
import { listEntitiesById } from '../store/read.ts';
import type { Failure } from './attempts.ts';
import { isMqtt, parseMqttUri, parseNotifierInfo } from './endpoint.ts';
import type { Kept } from './full-names.ts';
import { type Message, toMqttMessage, toNotification } from './message.ts';
import type { Mqtt } from './mqtt.ts';

const TIMEOUT_MS = 10_000;
const TIMEOUT_MS_MAX = 60_000;
/** Nobody reads the answer. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** A delivery that waits, with its subscription as it is now. */
export type Waiting = {
  readonly number: number;
  readonly id: string;
  readonly tenant: string;
  readonly subscription: string;
  readonly endpoint: string;
  readonly attempts: number;
  readonly message: Message;
  readonly document: Kept | null;
  readonly context: unknown;
  readonly subscriber: Actor | null;
  readonly isOver: boolean;
};

type Needs = {
  database: Database;
  contexts: Contexts;
  egress: Egress;
  mqtt: Mqtt;
  sightOf: SightOf;
};

/** Sends one. Answers what the receiver answered (a broker of MQTT: null), or what went wrong. */
export const openSend =
  ({ database, contexts, egress, mqtt, sightOf }: Needs) =>
  async (row: Waiting, kept: Kept): Promise<number | null | Failure> => {
    try {
      const read: ReadLinked = async (ids) => {
        const sight = sightOf(row.subscriber ?? ANONYMOUS);
        const linked = await listEntitiesById(database, { ids, tenant: row.tenant });
        return linked.flatMap((entity) => seen(entity, sight) ?? []);
      };
      const names = await contexts.namesOf(row.context ?? undefined);
      const { uri, timeout = TIMEOUT_MS, notifierInfo } = kept.notification.endpoint;
      const timeoutMs = Math.min(timeout, TIMEOUT_MS_MAX);
      if (isMqtt(uri)) {
        const [to, settings] = [parseMqttUri(uri), parseNotifierInfo(notifierInfo)];
        must(typeof to !== 'string' && typeof settings !== 'string', 'Checked when it was taken.');
        await mqtt.publish(to, settings, await toMqttMessage(row, kept, names, read), timeoutMs);
        return null;
      }
      const { body, headers } = await toNotification(row, kept, names, read);
      const { status } = await egress({
        url: uri,
        method: 'POST',
        headers,
        body,
        timeoutMs,
        bytesMax: ANSWER_BYTES_MAX,
      });
      return status >= 200 && status < 300
        ? status
        : { status, error: `The receiver answered ${status}.` };
    } catch (error) {
      const final = error instanceof Refusal && error.kind === 'forbidden';
      return { error: error instanceof Error ? error.message : String(error), final };
    }
  };
