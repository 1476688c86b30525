'use strict';

const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, relative, sep } = require('node:path');
const { CannotRun, ROOT, runQuietly, say } = require('./child.js');

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.sanjiang-stamp');
const SHARED = ['contract.ts', 'catalogue.ts'];
const MADE_WITH = [
  'vite.config.ts',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.web.json',
];

/** Every file below `folder`, in an order that does not depend on the file system. */
const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });

/** Pages are made of what lies under web/, and of what they share with the server. */
const isPartOfPages = (path) => {
  const parts = relative(ROOT, path).split(sep);
  return (parts.includes('web') || SHARED.includes(parts.at(-1))) && !/\.test\.tsx?$/.test(path);
};

const hashOfSources = () => {
  const hash = createHash('sha256');
  const sources = filesBelow(join(ROOT, 'src')).filter(isPartOfPages);
  for (const path of [...MADE_WITH.map((name) => join(ROOT, name)), ...sources])
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
};

/** Builds the pages into dist/ when it is absent or their sources are others than those it was built from. */
const ensurePages = async (node) => {
  const hash = hashOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  say('Building the pages (once, and after changes; half a minute) …');
  const { ok, output } = await runQuietly(node, ['node_modules/vite/bin/vite.js', 'build']);
  if (!ok) throw new CannotRun(`The pages could not be built:\n\n${output}`);
  writeFileSync(STAMP, hash);
};

module.exports = { ensurePages };
