import { hostname } from 'node:os';
import mqtt from 'mqtt';
import type { Logger } from '#kernel/log';
import { type Intake, isFinal } from '../intake.ts';
import type { KnownDevices } from '../known-devices.ts';
import { deviceOf, READINGS_FILTER } from './topics.ts';

/** The client library handles one message of a connection after another, so several share the subscription. */
const CONNECTIONS = 16;
/** The broker keeps what comes while we are away, for so long. */
const SESSION_SECONDS = 86_400;
const RECONNECT_MS = 1000;

type Needs = {
  readonly url: string;
  readonly known: KnownDevices;
  readonly intake: Intake;
  readonly log: Logger;
};

/**
 * Takes readings from a city's own MQTT 5 broker, which knows its devices: the topic says which one speaks. PUBACK
 * follows the commit; where the commit fails the connection is dropped and the broker delivers again.
 */
export const openExternal = ({ url, known, intake, log }: Needs) => {
  const take = async (packet: mqtt.IPublishPacket, sender: string): Promise<void> => {
    const bytes = Buffer.from(packet.payload);
    const id = deviceOf(packet.topic);
    const refuse = (reason: string) =>
      intake.refuse(id ?? 'unknown', 'mqtt', reason, bytes.subarray(0, 4096).toString('utf8'));
    const device = id === undefined ? undefined : await known.find(id);
    if (!device) return refuse(`There is no device ${id}, or it was revoked.`);
    const sending = { sender, packet: String(packet.messageId), again: packet.dup };
    return new Promise((taken, failed) => {
      intake.takeMessage(device, bytes, 'mqtt', packet.qos > 0 ? { sending } : {}, (error) => {
        if (isFinal(error)) refuse(error.message);
        else if (error !== undefined) return failed(error);
        return taken();
      });
    });
  };

  const connect = (n: number) => {
    const clientId = `sanjiang-${hostname()}-${n}`;
    const client = mqtt.connect(url, {
      protocolVersion: 5,
      clientId,
      clean: false,
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
      properties: { sessionExpiryInterval: SESSION_SECONDS },
    });
    client.handleMessage = (packet, done) => {
      take(packet, clientId).then(
        () => done(),
        (error: unknown) => {
          log.warn(
            { err: error },
            'a message of the broker was not stored; it will be delivered again',
          );
          client.stream.destroy();
        },
      );
    };
    client.on('connect', () =>
      client.subscribe(`$share/sanjiang/${READINGS_FILTER}`, { qos: 1 }, (error) => {
        if (error) log.error({ err: error }, 'the broker refuses our subscription');
      }),
    );
    client.on('error', (error) => log.warn({ err: error }, 'the broker cannot be reached'));
    return client;
  };

  const clients = Array.from({ length: CONNECTIONS }, (_, n) => connect(n));
  return {
    close: async () => {
      await intake.drained();
      await Promise.all(clients.map((client) => client.endAsync()));
    },
  };
};
export type External = ReturnType<typeof openExternal>;
