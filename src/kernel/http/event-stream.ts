import type { FastifyReply } from 'fastify';

export type StreamedEvent = {
  readonly id?: string | number;
  readonly event?: string;
  readonly data: unknown;
};

/** Proxies close connections that stay silent for a minute. */
const HEARTBEAT_MS = 20_000;
/** A reader this far behind is cut off; it comes back with its last id and misses nothing. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

const frame = ({ id, event, data }: StreamedEvent) =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Answers with Server-Sent Events until the source, the connection or the house ends. */
export const sendEventStream = async (
  reply: FastifyReply,
  source: (signal: AbortSignal) => AsyncIterable<StreamedEvent>,
): Promise<void> => {
  const gone = new AbortController();
  const { raw } = reply.hijack();
  raw.on('close', () => gone.abort());
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  if (reply.request.method === 'HEAD') return void raw.end();
  raw.write(': open\n\n');
  const heart = setInterval(() => raw.write(': beat\n\n'), HEARTBEAT_MS);
  try {
    for await (const event of source(AbortSignal.any([gone.signal, reply.server.closing]))) {
      if (raw.writableLength > UNSENT_BYTES_MAX) break;
      raw.write(frame(event));
    }
  } catch (error) {
    reply.log.warn({ err: error }, 'event stream ended');
  } finally {
    clearInterval(heart);
    raw.end();
  }
};
