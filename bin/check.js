'use strict';

const { runQuietly, say } = require('./child.js');

const CHECKS = {
  format: ['node_modules/oxfmt/bin/oxfmt', '--check'],
  lint: ['node_modules/oxlint/bin/oxlint'],
  'types of the server': ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.server.json'],
  'types of the pages': ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.web.json'],
  'unused code': ['node_modules/knip/bin/knip.js'],
};

/** Runs every check, shows what the failing ones said, and answers the exit code. */
const check = async (node) => {
  let failed = 0;
  for (const [name, args] of Object.entries(CHECKS)) {
    const { ok, output } = await runQuietly(node, args);
    say(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
    if (!ok) say(`\n${output}\n`);
    failed += ok ? 0 : 1;
  }
  return failed === 0 ? 0 : 1;
};

module.exports = { check };
