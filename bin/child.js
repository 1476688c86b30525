'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { resolve } = require('node:path');

const ROOT = resolve(__dirname, '..');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Something about this machine that its user can change; the message says what. */
class CannotRun extends Error {
  constructor(message) {
    super(message);
    this.name = 'CannotRun';
  }
}

/** One progress line, on standard error so that a program's own output stays clean. */
const say = (sentence) => process.stderr.write(`${sentence}\n`);

/**
 * Hands a child our signals while it lives, and answers how it ended: `{ code, signal }`.
 * A terminal sends SIGINT to the whole group, the child included; only without one is it ours to pass on.
 */
const ended = (child) =>
  new Promise((done, failed) => {
    const atTerminal = [process.stdin, process.stdout, process.stderr].some((s) => s.isTTY);
    const passOn = (signal) => {
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, passOn);
    child.once('error', failed);
    child.once('close', (code, signal) => {
      for (const name of SIGNALS) process.off(name, passOn);
      done({ code, signal });
    });
  });

/** Runs a program in the checkout in our place. Answers its exit code, 128 + n when signal n ended it. */
const runInOurPlace = async (node, args) => {
  const child = spawn(node.path, args, { cwd: ROOT, env: node.env, stdio: 'inherit' });
  const { code, signal } = await ended(child);
  return code ?? 128 + constants.signals[signal];
};

/** Runs a program to its end, keeping what it writes. Answers `{ ok, output }`; throws when it was interrupted. */
const runQuietly = async (node, args) => {
  const child = spawn(node.path, args, {
    cwd: ROOT,
    env: node.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text) => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const { code, signal } = await ended(child);
  if (SIGNALS.includes(signal)) throw new CannotRun('Interrupted.');
  return { ok: code === 0, output: output.trim() };
};

module.exports = { CannotRun, ROOT, runInOurPlace, runQuietly, say };
