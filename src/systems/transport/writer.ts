import type { Context, Operation } from '#platform/context';
import type { Logger } from '#kernel/log';
import type { EntityPart } from './attributes.ts';

/** Written together; a busy port has a few hundred messages a second. */
const BATCH_MAX = 500;
const GATHER_MS = 200;
/** Waiting for the database at most; beyond it the oldest are lost and counted. Ships repeat themselves within seconds. */
const WAITING_MAX = 20_000;

export const toOperation = (context: Context, part: EntityPart): Operation => ({
  kind: 'append',
  entity: context.toFragment(part),
  orCreate: true,
});

/** Gathers what live feeds tell and writes it in batches, in order. */
export const openWriter = (context: Context, log: Logger) => {
  const waiting: EntityPart[] = [];
  const counts = { written: 0, refused: 0, lost: 0 };
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const writeBatch = async (batch: readonly EntityPart[]) => {
    try {
      const outcomes = await context.write(batch.map((part) => toOperation(context, part)));
      const refused = outcomes.filter((outcome) => outcome.done === 'refused').length;
      counts.refused += refused;
      counts.written += outcomes.length - refused;
    } catch (error) {
      // A live feed cannot be asked again, and what it tells is soon told anew: counted, shown, and on.
      counts.lost += batch.length;
      log.warn({ err: error, entities: batch.length }, 'a batch of a live feed was not stored');
    }
  };

  const writeAll = async () => {
    while (waiting.length > 0) await writeBatch(waiting.splice(0, BATCH_MAX));
    writing = undefined;
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll();
    return writing;
  };

  return {
    add: (part: EntityPart) => {
      waiting.push(part);
      if (waiting.length > WAITING_MAX) {
        waiting.shift();
        counts.lost += 1;
      }
      if (waiting.length >= BATCH_MAX) void flush();
      else timer ??= setTimeout(() => void flush(), GATHER_MS);
    },
    /** Writes what waits; resolves when it is stored. */
    flush,
    counts: () => ({ ...counts, waiting: waiting.length }),
  };
};
