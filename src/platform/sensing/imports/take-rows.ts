import type { ImportProgress } from '#kernel/module';
import { Refusal } from '#kernel/errors';
import type { Gateway } from '../gateway.ts';
import type { Row } from './row.ts';

const BATCH_ROWS_MAX = 500;
const FAULTS_KEPT = 20;

type Options = { readonly checkpoint: number; readonly rowsMax?: number };

/**
 * Takes the rows of a file into their entities and reports after each committed batch; the checkpoint counts rows. Rows
 * that cannot be taken are counted, and the first few named. Throws Refusal('too-large') past `rowsMax`.
 */
export const takeRows = async function* (
  { known, intake }: Pick<Gateway, 'known' | 'intake'>,
  rows: AsyncIterable<Row>,
  { checkpoint, rowsMax = Number.POSITIVE_INFINITY }: Options,
): AsyncGenerator<ImportProgress> {
  const faults: string[] = [];
  let done = 0;
  let refused = 0;

  const refuse = (line: number, why: string) => {
    refused++;
    if (faults.length < FAULTS_KEPT) faults.push(`line ${line}: ${why}`);
  };

  const takeRow = async (row: Row): Promise<void> => {
    if ('fault' in row) return refuse(row.line, row.fault);
    const device = await known.find(row.device);
    if (!device) return refuse(row.line, `there is no device ${row.device}, or it was revoked`);
    try {
      await intake.take(device, [row.payload], 'import', true);
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== 'invalid') throw error;
      refuse(row.line, error.message);
    }
  };

  const takeBatch = async (batch: readonly Row[]): Promise<ImportProgress> => {
    await Promise.all(batch.map(takeRow));
    done += batch.length;
    return { done, refused, checkpoint: checkpoint + done, faults: [...faults] };
  };

  let batch: Row[] = [];
  let passed = 0;
  for await (const row of rows) {
    if (++passed <= checkpoint) continue;
    if (passed > rowsMax)
      throw new Refusal(
        'too-large',
        `At most ${rowsMax} readings a request; ${done} were taken. Please use the import for more.`,
      );
    batch.push(row);
    if (batch.length === BATCH_ROWS_MAX) {
      yield await takeBatch(batch);
      batch = [];
    }
  }
  if (batch.length > 0 || done === 0) yield await takeBatch(batch);
};
