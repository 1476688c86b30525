'use strict';

const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { CannotRun, ROOT, runQuietly, say } = require('./child.js');
const { findNpm, NPM_FLAGS } = require('./npm.js');

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.sanjiang-stamp');

/** Whether somebody installed by hand exactly what the lockfile names (optional packages differ by machine). */
const isInstalledByHand = (lock) => {
  if (!existsSync(INSTALLED)) return false;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, { version, optional, peer, devOptional }]) =>
      path === '' || optional || peer || devOptional || installed[path]?.version === version,
  );
};

/** Installs what the lockfile names, when node_modules holds something else. Development tools build the pages, so all. */
const ensurePackages = async (node) => {
  const lock = readFileSync(LOCK, 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  if (!isInstalledByHand(lock)) {
    say('Installing the packages (once, and after updates; a minute or two) …');
    const flags = ['--include=dev', '--include=optional', '--include=peer', ...NPM_FLAGS];
    // npm leaves out bindings that the Node it runs on is too old for, so it runs on ours, with the system's certificates
    const npmNode = { path: node.path, env: { ...node.env, NODE_USE_SYSTEM_CA: '1' } };
    const { ok, output } = await runQuietly(npmNode, [findNpm(), 'ci', ...flags]);
    if (!ok)
      throw new CannotRun(
        `The packages could not be installed. What npm said:\n\n${output}\n\nIs there a network, or a proxy to be set for npm? Starting again goes on from here.`,
      );
  }
  writeFileSync(STAMP, hash);
};

module.exports = { ensurePackages };
