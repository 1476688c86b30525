import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';

/** Whatever was sent. */
export type Json = ReturnType<typeof JSON.parse>;

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json;
};
/** What the receiver does with a request: answers this status, or never answers. */
type Answer = number | 'never';

/** A receiver of notifications on this machine, at any free port or this. `answer` may be set anew at any time. */
export const openReceiver = async (
  answer: (received: Received) => Answer = () => 200,
  at: number = 0,
) => {
  const received: Received[] = [];
  const behaviour = { answer };
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const one: Received = {
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(text),
    };
    received.push(one);
    const status = behaviour.answer(one);
    if (status !== 'never') reply.writeHead(status).end();
  });
  await new Promise<void>((done) => server.listen(at, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    behaviour,
    /** Waits until so many came, and a little longer for more. */
    until: async (count: number, ms = 10_000): Promise<Received[]> => {
      const end = Date.now() + ms;
      while (received.length < count && Date.now() < end)
        await new Promise((done) => setTimeout(done, 20));
      expect(received.length).toBeGreaterThanOrEqual(count);
      await new Promise((done) => setTimeout(done, 150));
      return received;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
