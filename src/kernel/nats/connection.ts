import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#kernel/log';

const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_MS = 1_000;
/** Silence for so long, twice, is no connection. */
const PING_MS = 10_000;
const CLOSE_MS_MAX = 2_000;

/** nats://user:password@host:port,… as the client wants it; the first address names the account. */
const optionsOf = (urls: string): ConnectionOptions => {
  const places = urls.split(',').map((text) => new URL(text.trim()));
  const { username = '', password = '', protocol } = places[0] ?? {};
  return {
    servers: places.map(({ host }) => host),
    ...(protocol === 'tls:' && { tls: {} }),
    ...(username !== '' &&
      (password === ''
        ? { token: decodeURIComponent(username) }
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) })),
  };
};

/** Keeps a connection to NATS: never gives up, and never makes anybody wait for it. */
export const keepConnection = (
  urls: string,
  log: Logger,
  /** Called whenever there is a connection, the first time and again. */
  opened: (connection: NatsConnection, isNew: boolean) => void,
  changed: (isUp: boolean) => void,
) => {
  const ended = new AbortController();
  let connection: NatsConnection | undefined;
  let isUp = false;

  const turn = (up: boolean) => {
    isUp = up;
    changed(up);
  };

  const follow = async (to: NatsConnection) => {
    connection = to;
    turn(true);
    log.info({ server: to.getServer() }, 'NATS is there');
    opened(to, true);
    for await (const { type } of to.status())
      if (type === 'disconnect') {
        turn(false);
        log.warn('NATS is away');
      } else if (type === 'reconnect') {
        turn(true);
        log.info({ server: to.getServer() }, 'NATS is back');
        opened(to, false);
      }
    turn(false);
    connection = undefined;
  };

  const run = async () => {
    let told = false;
    while (!ended.signal.aborted) {
      try {
        const to = await connect({
          ...optionsOf(urls),
          name: 'sanjiang',
          noEcho: true,
          timeout: CONNECT_TIMEOUT_MS,
          maxReconnectAttempts: -1,
          reconnectTimeWait: AGAIN_MS,
          pingInterval: PING_MS,
        });
        told = false;
        if (ended.signal.aborted) await to.close();
        else await follow(to);
      } catch (error) {
        if (!told) log.warn({ err: error }, 'NATS cannot be reached');
        told = true;
      }
      await pause(AGAIN_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    /** The connection while it is up. */
    current: () => (isUp ? connection : undefined),
    close: async () => {
      ended.abort();
      // Where the server went away a polite end would wait for it.
      await Promise.race([
        connection?.drain().catch(() => connection?.close()),
        pause(CLOSE_MS_MAX, undefined, { ref: false }).then(() => connection?.close()),
      ]);
      await Promise.race([running, pause(CLOSE_MS_MAX, undefined, { ref: false })]);
    },
  };
};
export type Connection = ReturnType<typeof keepConnection>;
