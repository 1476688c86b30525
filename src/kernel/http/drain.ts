import type { Socket } from 'node:net';
import type { App } from './http.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the house begins to stop: streams that never end by themselves end then. */
    readonly closing: AbortSignal;
    /**
     * Takes no more connections, ends idle ones and streams, and answers what is in flight. What is not answered after
     * `limitMs` is cut.
     */
    readonly drain: (limitMs: number) => Promise<void>;
  }
}

/** A connection that was busy when it began is ended this soon after its answer. */
const SWEEP_MS = 50;
/** Opened ahead of need, as browsers do; a request that is on its way has come by then. */
const SILENT_MS = 1_000;

/** Lets the house stop without cutting anybody off in the middle of an answer. */
export const prepareDrain = (app: App) => {
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Tells a client that keeps its connection not to send the next request on it.
  app.addHook('onSend', async (_request, reply) => {
    if (closing.signal.aborted && !reply.raw.headersSent) reply.header('connection', 'close');
  });
  app.decorate('closing', closing.signal);
  app.decorate('drain', async (limitMs: number) => {
    closing.abort();
    const silentUntil = performance.now() + SILENT_MS;
    const sweep = setInterval(() => {
      app.server.closeIdleConnections();
      if (performance.now() < silentUntil) return;
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, SWEEP_MS);
    const cut = setTimeout(() => {
      if (sockets.size > 0) app.log.warn({ connections: sockets.size }, 'connections were cut');
      for (const socket of sockets) socket.destroy();
    }, limitMs);
    await app.close().finally(() => {
      clearInterval(sweep);
      clearTimeout(cut);
    });
  });
};
