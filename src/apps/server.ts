import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '#kernel/config';
import { Refusal } from '#kernel/errors';
import { openLog } from '#kernel/log';
import type { Identity } from '#platform/identity';
import { collectAfterStart } from './collect.ts';
import { openCity, version } from './open.ts';
import { forgetRun, noteRun } from './run-file.ts';

const HELP = `Sanjiang 三江 ${version}

  npm start [-- --no-demo] [--help]

Settings are environment variables: HOST, PORT, MQTT_PORT, DATA_DIR, DATABASE_URL, NATS_URL, ROLE, DEMO, AUTH, TRUST_PROXY,
EGRESS_ALLOW, LOG_LEVEL. docs/operate.md explains them.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

const serve = async () => {
  const { values } = parseArgs({
    options: { 'no-demo': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return say(HELP);
  const env = values['no-demo'] ? { ...process.env, DEMO: 'off' } : process.env;
  const config = readConfig({ ...env, LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn' });
  await mkdir(config.dataDir, { recursive: true });
  const log = openLog(config.logLevel);
  const began = performance.now();
  const house = await openCity(config, log);

  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= (async () => {
      say('正在停止 Stopping …');
      await forgetRun(config.dataDir);
      await house[Symbol.asyncDispose]();
      process.exit(0);
    })().catch((error: unknown) => {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exit(1);
    }));
  process.on('SIGTERM', close);
  process.on('SIGINT', close); // npm and the terminal may both pass it on

  const address = await house.listen();
  await noteRun(config.dataDir, { url: address, pid: process.pid, secret: house.consoleSecret });
  const first = await (house.apis['identity'] as Identity).ensureFirstAdministrator();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`三江 Sanjiang ${version} 已就绪 ready in ${seconds} s: ${config.publicUrl ?? address}`);
  if (first)
    say(
      `首位管理员 first administrator: ${first.name}   密码 password: ${first.password}   (只显示一次 shown once)`,
    );
  collectAfterStart();
  if (config.auth === 'off') say('AUTH=off: 任何人可做任何事 anyone may do anything.');
};

try {
  await serve();
} catch (error) {
  const text = error instanceof Refusal ? error.message : (error as Error).stack;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
