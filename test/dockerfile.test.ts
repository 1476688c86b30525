import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * No container engine takes part: each stage's root is an empty folder, COPY copies, and RUN runs on this machine's Node
 * with the image's absolute paths moved into that folder. Not tried are the base image itself and the accounts, since
 * nothing here runs as another user.
 */
const FOLDERS_OF_THE_IMAGE = /(?<![\w.-])\/(?=(?:opt|var\/lib)\/sanjiang)/g;
const OWNERS = / -[og] node\b/g;
const STEPS_LIMIT_MS = 300_000;
const READY_LIMIT_MS = 60_000;

type Step = { readonly word: string; readonly rest: string };
type Stage = {
  readonly root: string;
  readonly env: Record<string, string>;
  folder: string;
  command: string[];
};

const steps: Step[] = readFileSync('Dockerfile', 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => ({ word: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1) }));

const ignored = new Set(readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean));
const home = mkdtempSync(join(tmpdir(), 'sanjiang-image-'));
const stages = new Map<string, Stage>();
let last: Stage;

const inside = (stage: Stage, path: string) =>
  path.startsWith('/') ? join(stage.root, path) : join(stage.root, stage.folder, path);

const copy = (stage: Stage, rest: string) => {
  const words = rest.split(' ');
  const from = words[0]!.startsWith('--from=') ? stages.get(words.shift()!.slice(7))! : undefined;
  const target = words.pop()!;
  for (const source of words) {
    const path = from ? inside(from, source) : source;
    const isFile = source !== '.' && /\.\w+$/.test(source);
    const to = isFile
      ? join(inside(stage, target), source.split('/').at(-1)!)
      : inside(stage, target);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(path, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (entry) => from !== undefined || !ignored.has(entry),
    });
  }
};

const take: Record<string, (stage: Stage, rest: string) => void> = {
  WORKDIR: (stage, rest) => {
    stage.folder = rest;
    mkdirSync(inside(stage, rest), { recursive: true });
  },
  COPY: copy,
  ENV: (stage, rest) => {
    const [name, value] = rest.split('=') as [string, string];
    stage.env[name] = value.replace(FOLDERS_OF_THE_IMAGE, `${stage.root}/`);
  },
  RUN: (stage, rest) => {
    const command = rest.replace(FOLDERS_OF_THE_IMAGE, `${stage.root}/`).replace(OWNERS, '');
    execFileSync('sh', ['-c', command], {
      cwd: inside(stage, '.'),
      env: { ...bare, ...stage.env },
      stdio: 'pipe',
      timeout: STEPS_LIMIT_MS,
    });
  },
  CMD: (stage, rest) => {
    stage.command = JSON.parse(rest) as string[];
  },
};
const ONLY_FOR_AN_ENGINE = new Set(['FROM', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK']);

/** What a step sees of this machine: its Node, its npm with the packages that it has already, its certificates. */
const bare = {
  ...Object.fromEntries(
    ['HOME', 'npm_config_cache', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'https_proxy'].flatMap(
      (name) => (process.env[name] ? [[name, process.env[name]]] : []),
    ),
  ),
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  NODE_USE_SYSTEM_CA: '1',
  npm_config_prefer_offline: 'true',
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

beforeAll(() => {
  for (const { word, rest } of steps) {
    if (word === 'FROM') {
      const name = rest.split(' AS ')[1] ?? 'image';
      last = { root: join(home, name), env: {}, folder: '/', command: [] };
      mkdirSync(last.root);
      stages.set(name, last);
    }
    if (!ONLY_FOR_AN_ENGINE.has(word)) take[word]!(last, rest);
  }
}, STEPS_LIMIT_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the image holds what runs and none of the tools', () => {
  expect(existsSync(inside(last, 'dist/index.html'))).toBe(true);
  expect(existsSync(inside(last, 'node_modules/fastify'))).toBe(true);
  expect(existsSync(inside(last, 'node_modules/vite'))).toBe(false);
});

test('the image’s command starts a house that gets ready and stops when asked (no container engine)', async () => {
  const port = await freePort();
  const [program, ...args] = last.command;
  const server = spawn(program!, args, {
    cwd: inside(last, '.'),
    env: { ...bare, ...last.env, HOST: '127.0.0.1', PORT: `${port}`, MQTT_PORT: '0', DEMO: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = once(server, 'exit');
  try {
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    await expect.poll(isReady, { timeout: READY_LIMIT_MS, interval: 250 }).toBe(true);
    const page = await fetch(`http://127.0.0.1:${port}/city`);
    expect(await page.text()).toContain('<div id="root">');
    server.kill('SIGTERM');
    expect((await ended)[0], complaints).toBe(0);
  } finally {
    server.kill('SIGKILL');
  }
}, 120_000);
