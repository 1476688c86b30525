import { Refusal } from '#kernel/errors';
import type { App } from './http.ts';

/** Bodies on their way in, together, as they were announced: parsed they take several times as much. */
const BODIES_BYTES_MAX = 256 * 1024 * 1024;
const CONNECTIONS_MAX = 10_000;

/** Refuses with 503 what would make the bodies in flight more than memory holds; `bodyBytesMax` is one's limit. */
export const boundLoad = (app: App, bodyBytesMax: number) => {
  let inFlight = 0;
  app.server.maxConnections = CONNECTIONS_MAX;
  app.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    if (length === undefined && chunked === undefined) return done();
    // A body without a length may be as large as any; an import's is passed on as it comes.
    const bytes = Math.min(Number(length ?? bodyBytesMax) || 0, bodyBytesMax);
    if (inFlight + bytes > BODIES_BYTES_MAX)
      return done(
        new Refusal('unavailable', 'Too much is being sent at once. Please try again in a moment.'),
      );
    inFlight += bytes;
    reply.raw.once('close', () => {
      inFlight -= bytes;
    });
    return done();
  });
};
