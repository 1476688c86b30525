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
  publicUrl: string | undefined;
  logLevel: string;
  /** The environment as it was read, for the modules' own declared settings. */
  env: Readonly<Record<string, string | undefined>>;
};

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

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
    egressAllow: settings.EGRESS_ALLOW.split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
    publicUrl: settings.PUBLIC_URL,
    logLevel: settings.LOG_LEVEL,
    env,
  };
};
