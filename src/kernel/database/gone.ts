import { Refusal } from '#kernel/errors';

/**
 * The database did not do what was asked, and nothing was acknowledged. `unavailable` and `full` may be tried again;
 * `timeout` was ended by its deadline. A COMMIT that ends so is in doubt, as with every database.
 */
export class DatabaseGone extends Refusal {
  constructor(kind: 'unavailable' | 'timeout' | 'full', sentence: string, cause?: unknown) {
    super(kind, sentence);
    if (cause !== undefined) this.cause = cause;
  }
}

const WORLD = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'ENOENT',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '08006',
  '08001',
  '25P03', // idle_in_transaction_session_timeout
]);

/** What `pg` itself says without a code when a connection breaks. */
const BROKEN =
  /connection terminated|connection timeout|timeout expired|timeout exceeded|not queryable|connection error/i;

/** Foreign failures of the wire in our words; errors of SQL pass unchanged. */
export const fromWire = (error: unknown, place: string): unknown => {
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  const code = (error as { code?: string }).code ?? '';
  if (code === '53100' || code === 'ENOSPC')
    return new DatabaseGone('full', 'The disk of the database is full: nothing was stored.', error);
  if (code === '57014')
    return new DatabaseGone('timeout', 'The statement took longer than its limit.', error);
  if (WORLD.has(code) || (code === '' && BROKEN.test(error.message)))
    return new DatabaseGone(
      'unavailable',
      `${place} does not answer (${code || error.message}).`,
      error,
    );
  return error;
};
