import type { WebSocket } from '@fastify/websocket';
import type { StreamedEvent } from '#kernel/http';

/** Proxies close connections that stay silent for a minute; who does not answer for two of these is gone. */
const PING_MS = 20_000;
/** A reader this far behind is cut off; he comes back with his last id and misses nothing. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;
/** RFC 6455, clause 7.4.1, and IANA's registry for 1013. */
const GOING_AWAY = 1001;
const POLICY = 1008;
const BROKEN = 1011;
const TRY_AGAIN_LATER = 1013;

/** Sends a stream over a WebSocket, one JSON text a message, until it, the connection or the house ends. */
export const sendOverSocket = async (
  socket: WebSocket,
  closing: AbortSignal,
  source: (signal: AbortSignal) => AsyncIterable<StreamedEvent>,
): Promise<void> => {
  const gone = new AbortController();
  let answered = true;
  socket.on('close', () => gone.abort());
  socket.on('error', () => gone.abort());
  socket.on('pong', () => (answered = true));
  socket.on('message', () => socket.close(POLICY, 'This stream is only read.'));
  const heart = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_MS);
  try {
    for await (const message of source(AbortSignal.any([gone.signal, closing]))) {
      if (socket.bufferedAmount > UNSENT_BYTES_MAX) {
        socket.close(TRY_AGAIN_LATER, 'Too slow: come back with your last id.');
        // What it has not read by then it never will.
        setTimeout(() => socket.terminate(), PING_MS).unref();
        return;
      }
      socket.send(JSON.stringify(message));
    }
    socket.close(GOING_AWAY, 'The house is stopping.');
  } catch (error) {
    socket.close(BROKEN);
    throw error;
  } finally {
    clearInterval(heart);
  }
};
