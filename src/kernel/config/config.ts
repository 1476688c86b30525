import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { Refusal } from '#kernel/errors';
import { readSettings } from './settings.ts';

/** What a process of the house does: everything, only answer requests, or only work off the outbox and the schedule. */
export type Role = 'all' | 'server' | 'worker';

const Settings = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: 'HTTP port' }),
  DATA_DIR: Type.String({ default: './data', description: 'Where everything is kept' }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'PostgreSQL ≥ 15 with PostGIS; embedded when absent',
    }),
  ),
  DATABASE_CONNECTIONS: Type.Integer({ default: 10, minimum: 2, maximum: 200 }),
  AUTH: Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'on' }),
  ROLE: Type.Union([Type.Literal('all'), Type.Literal('server'), Type.Literal('worker')], {
    default: 'all',
  }),
  EGRESS_ALLOW: Type.String({
    default: '',
    description: 'Hosts or CIDR ranges that outgoing calls may reach, besides public addresses',
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'Addresses or CIDR ranges of proxies whose X-Forwarded-For, -Host and -Proto are believed',
  }),
  NATS_URL: Type.Optional(
    Type.String({
      pattern: '^(nats|tls)://',
      description: 'NATS with JetStream: wakes processes and takes every event; several by comma',
    }),
  ),
  NATS_STREAM: Type.String({
    default: 'CITY',
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    description: 'The JetStream stream that takes the events; made where there is none',
  }),
  OUTBOX_EVENTS_MAX: Type.Integer({
    default: 5_000_000,
    minimum: 1000,
    description: 'Events that may wait for the slowest consumer before writes are refused',
  }),
  PUBLIC_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'The address that people use' }),
  ),
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map((level) =>
      Type.Literal(level),
    ),
    { default: 'info' },
  ),
});

export type Config = {
  host: string;
  port: number;
  dataDir: string;
  databaseUrl: string | undefined;
  databaseConnections: number;
  auth: 'on' | 'off';
  role: Role;
  egressAllow: readonly string[];
  /** Whose word about the caller's address, host and protocol is taken. */
  trustProxy: readonly string[];
  natsUrl: string | undefined;
  natsStream: string;
  outboxEventsMax: number;
  publicUrl: string | undefined;
  logLevel: string;
  /** The environment as it was read, for the modules' own declared settings. */
  env: Readonly<Record<string, string | undefined>>;
};

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

/** Addresses and ranges only: a word such as "true" would believe everybody. */
const proxiesOf = (text: string): string[] => {
  const proxies = listOf(text);
  for (const entry of proxies) {
    const [address = '', prefix, ...more] = entry.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const isRange = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
    if (isIP(address) === 0 || !isRange || more.length > 0)
      throw new Refusal(
        'invalid',
        `TRUST_PROXY: ${entry} is no address and no range of addresses.`,
      );
  }
  return proxies;
};

/** Reads and validates the kernel's settings, once per process. Throws Refusal('invalid') naming each fault. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const settings: Static<typeof Settings> = readSettings(Settings, env);
  if (settings.AUTH === 'off' && !isLoopback(settings.HOST))
    throw new Refusal(
      'invalid',
      `AUTH=off lets anyone do anything, so HOST must be a loopback address (127.0.0.1), not ${settings.HOST}.`,
    );
  return {
    host: settings.HOST,
    port: settings.PORT,
    dataDir: resolve(settings.DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    databaseConnections: settings.DATABASE_CONNECTIONS,
    auth: settings.AUTH,
    role: settings.ROLE,
    egressAllow: listOf(settings.EGRESS_ALLOW),
    trustProxy: proxiesOf(settings.TRUST_PROXY),
    natsUrl: settings.NATS_URL,
    natsStream: settings.NATS_STREAM,
    outboxEventsMax: settings.OUTBOX_EVENTS_MAX,
    publicUrl: settings.PUBLIC_URL,
    logLevel: settings.LOG_LEVEL,
    env,
  };
};
