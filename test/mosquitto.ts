import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Json } from './receiver.ts';

/** Debian's own broker and its own subscriber, where they are there. */
export const hasMosquitto = [
  'mosquitto',
  'mosquitto_sub',
  'mosquitto_passwd',
  'stdbuf',
  'openssl',
].every((name) => spawnSync(name, ['--help']).error === undefined);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const isUp = async (port: number) => {
  for (let look = 0; look < 100; look++) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await pause(50);
  }
  throw new Error(`nobody listens on ${port}`);
};

export type Printed = { readonly qos: number; readonly json: Json };

/** A broker with three doors: open to all, with the password of `water`, and by TLS with a certificate of its own making. */
export const openMosquitto = async (password: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-mqtt-'));
  const [port, guarded, secure] = [await freePort(), await freePort(), await freePort()];
  const running: ChildProcess[] = [];
  const start = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    running.push(child);
    return child;
  };
  const [passwords, key, certificate] = ['passwords', 'key.pem', 'cert.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  spawnSync('mosquitto_passwd', ['-c', '-b', passwords, 'water', password]);
  const asked = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' ');
  spawnSync('openssl', [...asked, '-keyout', key, '-out', certificate]);
  writeFileSync(
    join(folder, 'broker.conf'),
    `per_listener_settings true
user ${process.env['USER'] ?? 'root'}
listener ${port} 127.0.0.1
allow_anonymous true
listener ${guarded} 127.0.0.1
allow_anonymous false
password_file ${passwords}
listener ${secure} 127.0.0.1
allow_anonymous true
certfile ${certificate}
keyfile ${key}
`,
  );
  const kill = () => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  };
  return {
    port,
    guarded,
    secure,
    start: async () => {
      start('mosquitto', ['-c', join(folder, 'broker.conf')]);
      await Promise.all([port, guarded, secure].map(isUp));
    },
    /** The broker and its subscribers, without warning. */
    kill,
    /** What the broker's own subscriber prints, message by message, once it has subscribed. */
    subscribe: async (topic: string, args: readonly string[] = []) => {
      // Unbuffered, or it would say that it has subscribed only when it has much to say.
      const unbuffered = ['-oL', 'mosquitto_sub', '-h', '127.0.0.1', '-p', String(port)];
      const child = start('stdbuf', [...unbuffered, '-t', topic, '-d', '-F', '%q %p', ...args]);
      const messages: Printed[] = [];
      let ready: () => void = () => undefined;
      const subscribed = new Promise<void>((done) => (ready = done));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        if (line.startsWith('Subscribed')) ready();
        if (/^[012] \{/.test(line))
          messages.push({ qos: Number(line[0]), json: JSON.parse(line.slice(2)) });
      });
      await subscribed;
      return {
        until: async (count: number, ms = 15_000) => {
          for (const end = Date.now() + ms; messages.length < count && Date.now() < end;)
            await pause(20);
          await pause(100);
          expect(messages.length).toBeGreaterThanOrEqual(count);
          return messages;
        },
      };
    },
    [Symbol.dispose]: () => {
      kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
