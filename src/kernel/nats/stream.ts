import {
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { SUBJECTS } from './cloud-event.ts';

/** Ours where the operator made no stream: for readers that come back within a week. */
const KEEP_DAYS = 7;
const KEEP_BYTES_MAX = 2 * 1024 ** 3;
/** NATS remembers ids so long; a take-over after a crash repeats within seconds. */
const REPEATS_KNOWN_MS = 120_000;
const STREAM_NAME_IN_USE = 10_058;
const STREAM_NOT_FOUND = 10_059;
const isCode = (error: unknown, code: number) =>
  error instanceof JetStreamApiError && error.code === code;

/** Makes the stream where there is none. One that is there is the operator's and stays as it is. */
export const ensureStream = async (connection: NatsConnection, name: string): Promise<void> => {
  const { streams } = await jetstreamManager(connection);
  try {
    await streams.info(name);
    return;
  } catch (error) {
    if (!isCode(error, STREAM_NOT_FOUND)) throw error;
  }
  await streams
    .add({
      name,
      subjects: [SUBJECTS],
      description: 'What happened in the city, as CloudEvents',
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      max_age: nanos(KEEP_DAYS * 86_400_000),
      max_bytes: KEEP_BYTES_MAX,
      duplicate_window: nanos(REPEATS_KNOWN_MS),
    })
    .catch((error: unknown) => {
      // Another process of ours was faster.
      if (!isCode(error, STREAM_NAME_IN_USE)) throw error;
    });
};
