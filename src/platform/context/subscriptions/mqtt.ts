import { isIP } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Reach } from '#kernel/egress';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import type { MqttAddress, MqttSettings } from './endpoint.ts';

/** A connection that nobody uses is closed after this long. */
const IDLE_MS = 30_000;
const KEEPALIVE_SECONDS = 30;
const CONNECTIONS_MAX = 256;

type Connection = { readonly client: Promise<MqttClient>; usedAt: number; using: number };

const within = async <T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Refusal('timeout', `${what} did not answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Publishes to MQTT brokers (clause 7.2): one connection a broker, account and version, kept while it is used and made
 * anew after a fault. Resolves when the broker has taken the message over: at QoS 0, when it is on the wire.
 */
export const openMqtt = (reach: Reach) => {
  const connections = new Map<string, Connection>();

  const drop = (key: string, connection: Connection) => {
    if (connections.get(key) === connection) connections.delete(key);
    connection.client.then((client) => client.end(true)).catch(() => undefined);
  };

  const connect = async (to: MqttAddress, version: 4 | 5, timeoutMs: number) => {
    const address = await reach(to.host);
    const options: IClientOptions = {
      ...(isIP(to.host) ? {} : { servername: to.host }), // the certificate is of the name, not of the address
      protocolVersion: version,
      clientId: `sj${newId().replaceAll('-', '')}`.slice(0, 23), // MQTT 3.1.1, section 3.1.3.1
      clean: true,
      keepalive: KEEPALIVE_SECONDS,
      reconnectPeriod: 0,
      connectTimeout: timeoutMs,
      ...(to.username === undefined ? {} : { username: to.username }),
      ...(to.password === undefined ? {} : { password: to.password }),
    };
    const at = isIP(address) === 6 ? `[${address}]` : address;
    const protocol = to.secure ? 'mqtts' : 'mqtt';
    return mqtt.connectAsync(`${protocol}://${at}:${to.port}`, options, false);
  };

  const connectionTo = (to: MqttAddress, version: 4 | 5, timeoutMs: number) => {
    const { secure, host, port, username = '', password = '' } = to;
    const key = JSON.stringify([secure, host, port, username, password, version]);
    const known = connections.get(key);
    if (known) return { key, connection: known };
    if (connections.size >= CONNECTIONS_MAX)
      throw new Refusal('unavailable', 'Too many MQTT brokers are being told at once.');
    const connection: Connection = {
      client: connect(to, version, timeoutMs),
      usedAt: performance.now(),
      using: 0,
    };
    connections.set(key, connection);
    connection.client
      .then((client) => {
        client.on('close', () => drop(key, connection));
        client.on('error', () => drop(key, connection));
      })
      .catch(() => drop(key, connection));
    return { key, connection };
  };

  const sweep = setInterval(() => {
    const idleSince = performance.now() - IDLE_MS;
    for (const [key, connection] of connections)
      if (connection.using === 0 && connection.usedAt < idleSince) drop(key, connection);
  }, IDLE_MS / 2).unref();

  return {
    /** Throws Refusal: 'forbidden' where it may not go, 'timeout' or 'unavailable' where the broker does not take it. */
    publish: async (
      to: MqttAddress,
      { version, qos }: MqttSettings,
      payload: string,
      timeoutMs: number,
    ): Promise<void> => {
      const { key, connection } = connectionTo(to, version, timeoutMs);
      connection.using += 1;
      try {
        const client = await within(connection.client, timeoutMs, to.host);
        await within(client.publishAsync(to.topic, payload, { qos }), timeoutMs, to.host);
      } catch (error) {
        drop(key, connection);
        if (error instanceof Refusal) throw error;
        const why = error instanceof Error ? error.message : String(error);
        throw new Refusal('unavailable', `${to.host} did not take the message: ${why}`);
      } finally {
        connection.using -= 1;
        connection.usedAt = performance.now();
      }
    },
    close: async (): Promise<void> => {
      clearInterval(sweep);
      const clients = [...connections.values()].map(({ client }) =>
        client.then((one) => one.endAsync()).catch(() => undefined),
      );
      connections.clear();
      await Promise.all(clients);
    },
  };
};
export type Mqtt = ReturnType<typeof openMqtt>;
