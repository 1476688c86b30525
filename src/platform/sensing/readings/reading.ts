import { hash } from 'node:crypto';
import { Refusal } from '#kernel/errors';
import { toInstant } from '#kernel/time';
import type { Instance, Operation } from '#platform/context';
import type { Said, Translate } from './said.ts';
import { LATE_MS } from './observed-at.ts';

/** What the hot path knows of a device. */
export type Source = {
  readonly id: string;
  readonly entity: string;
  /** Full names. */
  readonly types: readonly string[];
  readonly translate: Translate;
  /** Anyone may have such a device, and it may say only so much. */
  readonly sandbox?: boolean;
};

/** How a message came: an MQTT sender that was not acknowledged sends it again, with the same packet number and DUP. */
export type Sending = {
  readonly sender: string;
  /** The packet's number, and the place within it where it carries several readings. */
  readonly packet: string;
  readonly again: boolean;
};

export type Arrival = {
  readonly receivedAt: number;
  readonly anyAge?: boolean;
  readonly sending?: Sending;
};

export type Reading = {
  readonly operation: Operation;
  readonly message?: string;
  readonly late: boolean;
};

const NAMES_MAX = 10_000;

/** Full names are asked for once; the number of different names in a city is small, and bounded here. */
export const rememberNames = (nameOf: (short: string) => string) => {
  const known = new Map<string, string>();
  return (short: string): string => {
    const found = known.get(short);
    if (found !== undefined) return found;
    if (known.size >= NAMES_MAX) known.clear();
    const name = nameOf(short);
    known.set(short, name);
    return name;
  };
};

/**
 * By which a repeated message is known, and whether it may be one.
 *
 * A sender resends what was not acknowledged, and cannot know whether it was stored. Two equal payloads in a row are
 * nevertheless two readings: 21.5 degrees twice. So equality of content alone says nothing, and what does is, in order:
 * 1. the sender's own number of the message: the same number is the same message;
 * 2. a time of its own: the same content of the same instant is one reading, however often it comes;
 * 3. over MQTT with QoS 1 or 2, packet number and content, but only when the packet says DUP. A first sending is never
 *    taken for a repetition (packet numbers begin anew with each process), yet leaves its key for the resending.
 * The key is recorded in the transaction that stores the reading, so that no crash comes between the two.
 */
const onceOf = (source: Source, payload: unknown, said: Said, sending?: Sending) => {
  if (said.message !== undefined) return { once: `${source.id}/m/${said.message}` };
  if (said.observedAt === undefined && !sending) return {};
  // 132 bits: no two contents of a city meet by chance, and the key stays short.
  const content = hash('sha256', JSON.stringify(payload), 'base64url').slice(0, 22);
  if (said.observedAt !== undefined) return { once: `${source.id}/t/${content}` };
  return sending
    ? {
        once: `${source.id}/p/${sending.sender}/${sending.packet}/${content}`,
        fresh: !sending.again,
      }
    : {};
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One payload of a device as a write of its entity. Throws Refusal('invalid') with a sentence for whoever programs the
 * device. `nameOf` gives the full name of an attribute.
 */
export const toReading = (
  source: Source,
  payload: unknown,
  { receivedAt, anyAge = false, sending }: Arrival,
  nameOf: (short: string) => string,
): Reading => {
  if (!isObject(payload))
    throw new Refusal('invalid', 'A reading is a JSON object, such as {"temperature": 21.5}.');
  const said = source.translate(payload, { receivedAt, anyAge });
  if (said.attributes.length === 0)
    throw new Refusal('invalid', 'The reading says nothing: it has no attribute with a value.');
  const at = said.observedAt ?? receivedAt;
  const observedAt = toInstant(at);
  const attributes: Record<string, readonly Instance[]> = {};
  for (const { name, type, value, unitCode } of said.attributes)
    attributes[nameOf(name)] = [
      unitCode === undefined ? { type, value, observedAt } : { type, value, unitCode, observedAt },
    ];
  return {
    operation: {
      kind: 'merge',
      orCreate: true,
      entity: { id: source.entity, types: source.types, attributes },
      ...onceOf(source, payload, said, sending),
    },
    late: receivedAt - at > LATE_MS,
    ...(said.message === undefined ? {} : { message: said.message }),
  };
};
