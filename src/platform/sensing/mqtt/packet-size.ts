import type { Socket } from 'node:net';
import type { Client } from 'aedes';

/** A message too long by little is taken in, refused and acknowledged; one past this ends the connection. */
const PACKET_BYTES_MAX = 256 * 1024;
/** Before it is known who it is, only a CONNECT is wanted. */
const STRANGER_BYTES_MAX = 4 * 1024;

/** aedes has no limit of its own and would gather up to 256 MiB. Its parser is internal, hence the exact pin of aedes. */
type WithParser = { readonly _parser: { readonly packet: { readonly length: number } } };

/** Ends a connection that announces a packet beyond the limit, before the packet is gathered. */
export const guardPacketSize = (client: Client, socket: Socket, refused: () => void) => {
  const { _parser: parser } = client as unknown as WithParser;
  socket.on('readable', () => {
    const limit = client.connected ? PACKET_BYTES_MAX : STRANGER_BYTES_MAX;
    if (parser.packet.length <= limit || socket.destroyed) return;
    refused();
    socket.destroy();
  });
};
