import { createHash } from 'node:crypto';
import type { EntityPart } from '../../attributes.ts';
import { addCounters, NOTHING_HEARD } from './count.ts';
import { openLines } from './lines.ts';
import { openAisReader, type AisCounters, type AisReader } from './reader.ts';
import { toEntity, toOwnShip } from './vessel.ts';

/** Receivers heard at once, each with a reader of its own; the one silent for longest gives way. */
export const RECEIVERS_MAX = 64;

/** A receiver's own ship or tracker: where nothing names it, its address does, but not in clear. */
const ownShipId = (name: string): string =>
  `urn:ngsi-ld:Vessel:receiver-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;

/** Reads what many receivers send, each by its own name, and hands on what it tells. */
export const openReceivers = (take: (part: EntityPart) => void) => {
  const readers = new Map<
    string,
    { reader: AisReader; feed: (bytes: Uint8Array, now: number) => void }
  >();
  let gone = NOTHING_HEARD;
  let lastHeardAt: number | undefined;

  const open = (name: string) => {
    const reader = openAisReader();
    let now = 0;
    const lines = openLines((line) => {
      const heard = reader.hear(line, now);
      if (!heard) return;
      lastHeardAt = now;
      take(
        'report' in heard
          ? toEntity(heard.report, heard.at)
          : toOwnShip(ownShipId(heard.station ?? name), heard.fix),
      );
    });
    return {
      reader,
      feed: (bytes: Uint8Array, at: number) => {
        now = at;
        lines(bytes);
      },
    };
  };

  const close = (name: string) => {
    const receiver = readers.get(name);
    if (!receiver) return;
    gone = addCounters(gone, receiver.reader.counters());
    readers.delete(name);
  };

  return {
    /** Bytes of one receiver, arrived at `now` (ms). */
    feed: (name: string, bytes: Uint8Array, now: number) => {
      const receiver = readers.get(name) ?? open(name);
      readers.delete(name);
      readers.set(name, receiver); // the map is in order of who spoke last
      if (readers.size > RECEIVERS_MAX) close(readers.keys().next().value!);
      receiver.feed(bytes, now);
    },
    close,
    counters: (): AisCounters =>
      [...readers.values()].reduce((sum, { reader }) => addCounters(sum, reader.counters()), gone),
    receivers: () => readers.size,
    lastHeardAt: () => lastHeardAt,
  };
};
