import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Refusal } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import { RECEIVERS_MAX, type openReceivers } from './receivers.ts';

/** A receiver that says nothing for so long has gone; base stations alone speak every ten seconds. */
const SILENCE_MS_MAX = 10 * 60_000;
const RECONNECT_MS = 10_000;

export type ReceiverAddress = { readonly host: string; readonly port: number };

/** Reads `host:port,host:port`. Throws Refusal('invalid') naming the part at fault. */
export const readAddresses = (text: string): ReceiverAddress[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const m = /^([^\s:]+):(\d{1,5})$/.exec(part);
      const port = Number(m?.[2]);
      if (!m || port < 1 || port > 65_535)
        throw new Refusal('invalid', `AIS_CONNECT has a part that is not host:port: ${part}`);
      return { host: m[1]!, port };
    });

export type GatewaySettings = {
  readonly host: string;
  /** 0 is off. */
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Receivers that we call. */
  readonly connectTo: readonly ReceiverAddress[];
};

type Needs = {
  readonly receivers: ReturnType<typeof openReceivers>;
  readonly clock: Clock;
  readonly log: Logger;
};

const opened = async (server: Server | UdpSocket, what: string) => {
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Refusal(
      'unavailable',
      `The AIS gateway cannot open ${what}: ${code ?? String(error)}.`,
    );
  }
};

/**
 * The NMEA 0183 gateway: AIS receivers connect by TCP, send by UDP, or are called by us. It reads only; nothing a receiver
 * sends is answered. `listen` throws Refusal('unavailable') where a port is taken.
 */
export const openGateway = (settings: GatewaySettings, { receivers, clock, log }: Needs) => {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let server: Server | undefined;
  let udp: UdpSocket | undefined;
  let closed = false;

  const read = (socket: Socket, name: string) => {
    sockets.add(socket);
    socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy());
    socket.on('data', (bytes) => receivers.feed(name, bytes, clock.now().getTime()));
    socket.on('error', (error) => log.info({ err: error, receiver: name }, 'AIS receiver lost'));
    socket.on('close', () => {
      sockets.delete(socket);
      receivers.close(name);
    });
  };

  const call = ({ host, port }: ReceiverAddress) => {
    if (closed) return;
    const socket = connect({ host, port });
    read(socket, `tcp ${host}:${port}`);
    socket.on('close', () => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        call({ host, port });
      }, RECONNECT_MS);
      timers.add(timer);
    });
  };

  const listenTcp = async () => {
    server = createServer((socket) =>
      read(socket, `tcp ${socket.remoteAddress}:${socket.remotePort}`),
    );
    server.maxConnections = RECEIVERS_MAX;
    server.listen(settings.tcpPort, settings.host);
    await opened(server, `TCP port ${settings.tcpPort}`);
  };

  const listenUdp = async () => {
    udp = createSocket(settings.host.includes(':') ? 'udp6' : 'udp4');
    udp.on('message', (bytes, from) => {
      // A datagram holds whole lines; the last one often lacks its end.
      receivers.feed(
        `udp ${from.address}:${from.port}`,
        Buffer.concat([bytes, LINE_END]),
        clock.now().getTime(),
      );
    });
    udp.bind(settings.udpPort, settings.host);
    await opened(udp, `UDP port ${settings.udpPort}`);
  };

  return {
    listen: async () => {
      if (settings.tcpPort > 0) await listenTcp();
      if (settings.udpPort > 0) await listenUdp();
      for (const address of settings.connectTo) call(address);
    },
    close: async () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      udp?.close();
      if (server?.listening) await new Promise((done) => server!.close(done));
    },
  };
};

const LINE_END = Buffer.from('\n');
