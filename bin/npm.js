'use strict';

const { existsSync, realpathSync } = require('node:fs');
const { basename, delimiter, dirname, join } = require('node:path');
const { CannotRun } = require('./child.js');

/** npm's own program: the one that started us, or else the first on PATH or beside our Node. */
const findNpm = () => {
  const startedBy = process.env.npm_execpath;
  if (startedBy && basename(startedBy) === 'npm-cli.js' && existsSync(startedBy)) return startedBy;
  const folders = [...(process.env.PATH ?? '').split(delimiter), dirname(process.execPath)];
  for (const folder of folders.filter(Boolean)) {
    const beside = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (existsSync(beside)) return beside;
    const link = join(folder, 'npm');
    if (existsSync(link) && basename(realpathSync(link)) === 'npm-cli.js')
      return realpathSync(link);
  }
  throw new CannotRun(
    'npm was not found. It comes with Node: install Node from https://nodejs.org.',
  );
};

/** What both installs ask of npm. A private mirror, a proxy and the like come from the user's own npm settings. */
const NPM_FLAGS = [
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--fetch-retry-mintimeout=2000',
];

module.exports = { findNpm, NPM_FLAGS };
