import { createServer } from 'node:net';
import { Aedes, type Client } from 'aedes';
import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import { type Intake, isFinal, WAITING_READINGS_MAX } from '../intake.ts';
import type { KnownDevice, KnownDevices } from '../known-devices.ts';
import { admit, NotAdmitted, SERVER_UNAVAILABLE, type Session } from './admission.ts';
import { guardPacketSize } from './packet-size.ts';
import { closeServer, listenOn } from './port.ts';
import { commandsTopic, deviceOf } from './topics.ts';

/** Each holds a socket and what one read of it brought, at most 64 KiB. */
const CONNECTIONS_MAX = 5000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Finds connections whose other end went away without a word, where the client asked for no keepalive. */
const TCP_KEEPALIVE_MS = 60_000;
const CLIENT_ID_CHARACTERS_MAX = 512;

type Needs = {
  readonly host: string;
  readonly port: number;
  readonly auth: 'on' | 'off';
  readonly known: KnownDevices;
  readonly intake: Intake;
  readonly log: Logger;
  readonly metrics: Metrics;
};

type Publish = (
  packet: unknown,
  clientOrDone: unknown,
  done?: (error?: Error | null) => void,
) => void;

/**
 * The embedded broker: MQTT 3.1.1. PUBACK is held until the reading is on disk. aedes reads a socket again only when
 * everything of the last read is answered, so a slow disk slows the senders and memory stays bounded. Readings go to
 * the context and not to other clients: who wants them subscribes there.
 */
export const openBroker = async ({ host, port, auth, known, intake, log, metrics }: Needs) => {
  const sessions = new WeakMap<Client, Session>();
  const senders = new WeakMap<Client, string>();
  const connected = metrics.gauge({
    name: 'sensing_mqtt_connections',
    help: 'MQTT clients connected',
  });
  const turnedAway = metrics.counter({
    name: 'sensing_mqtt_turned_away_total',
    help: 'MQTT connections that were not let in',
  });
  let stopping = false;

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxClientsIdLength: CLIENT_ID_CHARACTERS_MAX,

    preConnect: (client, packet, done) => {
      if (stopping || intake.waiting() > WAITING_READINGS_MAX) {
        done(new NotAdmitted(SERVER_UNAVAILABLE, 'Too much waits for the disk.'), false);
        return;
      }
      senders.set(client, packet.clientId);
      // One device must not end another's connection by taking its name.
      if (packet.clientId !== '') packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
      // What a broker says when a device vanishes is no reading; silence is noticed by other means.
      delete packet.will;
      done(null, true);
    },

    authenticate: (client, username, password, done) => {
      const sender = senders.get(client) ?? '';
      if (auth === 'off') {
        sessions.set(client, { sender });
        done(null, true);
        return;
      }
      admit(known, username, password).then(
        (device) => {
          sessions.set(client, { sender, device });
          done(null, true);
        },
        (error) => {
          turnedAway.inc();
          done(error, false);
        },
      );
    },

    authorizeSubscribe: (client, subscription, done) => {
      const device = sessions.get(client)?.device;
      const own = device !== undefined && subscription.topic === commandsTopic(device.id);
      done(null, own ? subscription : null);
    },

    authorizePublish: (client, packet, done) => {
      const session = client && sessions.get(client);
      // Not answered, so that the sender keeps it and brings it again after the restart.
      if (!session || stopping) return;
      packet.retain = false;
      const bytes = packet.payload as Uint8Array;
      const id = deviceOf(packet.topic);

      // MQTT 3.1.1 has no negative acknowledgement: what is refused is acknowledged, counted and kept to be read.
      const refuse = (reason: string) => {
        const name = session.device?.id ?? id ?? 'unknown';
        intake.refuse(name, 'mqtt', reason, Buffer.from(bytes.subarray(0, 4096)).toString('utf8'));
        done(null);
      };
      const take = (device: KnownDevice | undefined) => {
        if (!device) return refuse(`There is no device ${id}, or it was revoked.`);
        if (session.device && session.device.secretHash !== device.secretHash)
          return done(new Error('the secret was changed'));
        const sending = {
          sender: session.sender,
          packet: String(packet.messageId),
          again: packet.dup === true,
        };
        return intake.takeMessage(
          device,
          bytes,
          'mqtt',
          packet.qos > 0 ? { sending } : {},
          (error) => {
            if (error === undefined) return done(null);
            if (isFinal(error)) return refuse(error.message);
            // No PUBACK: the connection ends and the sender brings the message again.
            return done(error as Error);
          },
        );
      };

      if (id === undefined)
        return refuse(`Readings are published to devices/<id>/readings, not to ${packet.topic}.`);
      if (session.device && session.device.id !== id)
        return refuse(`${session.device.id} may not publish for ${id}.`);
      const device = known.peek(id);
      if (device) return take(device);
      known.find(id).then(take, (error: Error) => done(error));
    },
  });

  // A client's own publishes end here; the broker's and ours go on to subscribers.
  const publish = broker.publish.bind(broker) as unknown as Publish;
  broker.publish = ((packet, clientOrDone, done) =>
    done && clientOrDone
      ? done(null)
      : publish(packet, clientOrDone, done)) as Publish as typeof broker.publish;

  broker.on('client', () => connected.inc());
  broker.on('clientDisconnect', () => connected.dec());
  broker.on('clientError', (client, error) =>
    log.debug({ client: client.id, err: error }, 'mqtt client'),
  );
  broker.on('connectionError', (_client, error) => log.debug({ err: error }, 'mqtt connection'));

  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS },
    (socket) => {
      const client = broker.handle(socket);
      guardPacketSize(client, socket, () => {
        const name = sessions.get(client)?.device?.id ?? 'unknown';
        intake.refuse(
          name,
          'mqtt',
          'The packet is larger than the limit; the connection was closed.',
          '',
        );
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;

  return {
    listen: () => listenOn(server, host, port),
    /** Answers what has been read, takes nothing more, and ends the connections. */
    close: async () => {
      stopping = true;
      await intake.drained();
      await closeServer(server, () => new Promise<void>((done) => broker.close(() => done())));
    },
  };
};
export type Broker = Awaited<ReturnType<typeof openBroker>>;
