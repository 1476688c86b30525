import { Refusal } from '#kernel/errors';
import type { Importer, ImportProgress } from '#kernel/module';
import { parseInstant, type Clock } from '#kernel/time';
import type { Context } from '#platform/context';
import type { EntityPart } from './attributes.ts';
import { openReceivers } from './feeds/ais/receivers.ts';
import { FEED_BYTES_MAX, readVehicleFeed } from './feeds/gtfs-rt/vehicles.ts';
import { toOperation } from './writer.ts';

const BATCH_MAX = 500;
const FAULTS_SHOWN_MAX = 10;

const write = async (context: Context, batch: readonly EntityPart[]): Promise<string[]> => {
  const outcomes = await context.write(batch.map((part) => toOperation(context, part)));
  return outcomes.flatMap((outcome) =>
    outcome.done === 'refused' ? [`${outcome.id}: ${outcome.detail}`] : [],
  );
};

/** Reads `at=` of an import's arguments: when a log without times of its own was heard. */
const instantOf = (text: string | undefined, clock: Clock): number => {
  if (text === undefined) return clock.now().getTime();
  const at = parseInstant(text);
  if (at === undefined)
    throw new Refusal('invalid', `at=${text} is no instant such as 2026-08-01T08:00:00+08:00.`);
  return at;
};

/** A log of NMEA 0183 lines. What a line tells counts as one item; lines with a tag block have their own time. */
const aisLog = (context: Context, clock: Clock): Importer => ({
  id: 'ais',
  title: { zh: 'AIS 报文日志（NMEA 0183）', en: 'AIS log (NMEA 0183)' },
  run: async function* (source, { checkpoint, args }): AsyncGenerator<ImportProgress> {
    const at = instantOf(args['at'], clock);
    let [read, refused, batch]: [number, number, EntityPart[]] = [0, 0, []];
    const faults: string[] = [];
    const receivers = openReceivers((part) => {
      read += 1;
      if (read > checkpoint) batch.push(part);
    });
    const store = async (): Promise<ImportProgress> => {
      const failed = await write(context, batch);
      batch = [];
      refused += failed.length;
      faults.push(...failed.slice(0, FAULTS_SHOWN_MAX - faults.length));
      const { badChecksum, malformed } = receivers.counters();
      return { done: read, refused: refused + badChecksum + malformed, checkpoint: read, faults };
    };
    for await (const bytes of source) {
      receivers.feed('log', bytes, at);
      if (batch.length >= BATCH_MAX) yield await store();
    }
    receivers.feed('log', Buffer.from('\n'), at); // the last line may lack its end
    const last = await store();
    const { badChecksum, malformed } = receivers.counters();
    yield {
      ...last,
      faults: [
        ...(badChecksum > 0 ? [`${badChecksum} lines with a wrong checksum`] : []),
        ...(malformed > 0 ? [`${malformed} lines that are no sentence or message`] : []),
        ...faults,
      ],
    };
  },
});

const readAll = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > FEED_BYTES_MAX)
      throw new Refusal('too-large', 'A GTFS Realtime feed may have at most 32 MiB.', { bytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** One GTFS Realtime message; `feed=` names whose vehicles they are. */
const gtfsRealtime = (context: Context, clock: Clock): Importer => ({
  id: 'gtfs-rt',
  title: { zh: 'GTFS-RT 车辆位置', en: 'GTFS Realtime vehicle positions' },
  run: async function* (source, { checkpoint, args }): AsyncGenerator<ImportProgress> {
    const bytes = await readAll(source);
    const { vehicles, refused } = readVehicleFeed(
      args['feed'] ?? 'gtfs-rt',
      bytes,
      clock.now().getTime(),
    );
    const faults = [...refused];
    const progress = (done: number): ImportProgress => ({
      done,
      total: vehicles.length,
      refused: faults.length,
      checkpoint: done,
      faults: faults.slice(0, FAULTS_SHOWN_MAX),
    });
    for (let from = checkpoint; from < vehicles.length; from += BATCH_MAX) {
      const batch = vehicles.slice(from, from + BATCH_MAX);
      faults.push(...(await write(context, batch)));
      yield progress(from + batch.length);
    }
    if (vehicles.length <= checkpoint) yield progress(vehicles.length);
  },
});

export const openImporters = (context: Context, clock: Clock): readonly Importer[] => [
  aisLog(context, clock),
  gtfsRealtime(context, clock),
];
