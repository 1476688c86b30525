import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Refusal } from '#kernel/errors';

/** For the last acknowledgements to reach the other side before the connection ends. */
const FAREWELL_MS = 500;
const open = new WeakMap<Server, Set<Socket>>();

/** Opens the port and answers its number. Throws Refusal('unavailable') with a sentence for the person at the console. */
export const listenOn = async (server: Server, host: string, port: number): Promise<number> => {
  const sockets = new Set<Socket>();
  open.set(server, sockets);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code ?? message})`;
    throw new Refusal(
      'unavailable',
      `The MQTT port ${port} on ${host} ${why}. Stop what uses it, set MQTT_PORT to another, or to 0 for none.`,
    );
  }
  return (server.address() as AddressInfo).port;
};

/** Lets no one in, says goodbye to those inside, and ends. */
export const closeServer = async (server: Server, end: () => Promise<void>): Promise<void> => {
  const closed = server.listening ? once(server, 'close') : Promise.resolve();
  server.close();
  const sockets = [...(open.get(server) ?? [])];
  const gone = sockets.map((socket) => {
    socket.end();
    return once(socket, 'close');
  });
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((done) => {
    timer = setTimeout(done, FAREWELL_MS);
  });
  await Promise.race([Promise.allSettled(gone), enough]);
  clearTimeout(timer);
  await end();
  for (const socket of sockets) socket.destroy();
  await closed;
};
