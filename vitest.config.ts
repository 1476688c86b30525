import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

/** Where the results are also written for a program to read. */
const report = process.env['TEST_REPORT'];

/** Ends every run with one plain line, for people in a hurry and for scripts. */
const closingLine: Reporter = {
  onTestRunEnd: (modules: readonly TestModule[], unhandled) => {
    const states = modules.flatMap((m) => [...m.children.allTests()].map((t) => t.result().state));
    const count = (state: string) => states.filter((s) => s === state).length;
    const broken = modules.filter((m) => m.state() === 'failed' && m.errors().length > 0).length;
    const failed = count('failed') + count('pending') + broken + unhandled.length;
    process.stdout.write(
      `\n${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`,
    );
  },
};

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2, // each worker with a database of its own takes about a gigabyte
    testTimeout: 30_000,
    hookTimeout: 120_000, // the first database of a machine makes its template
    teardownTimeout: 20_000,
    reporters: [
      'default',
      closingLine,
      ...(report ? [['json', { outputFile: report }] as const] : []),
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'house',
          include: ['{src,test,cities,bench,scenarios}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/e2e/**/*.e2e.ts'],
          testTimeout: 120_000,
          fileParallelism: false, // one Chromium at a time
          retry: process.env['CI'] ? 1 : 0, // drawing in software on two busy cores; a second look is reported as such
          sequence: { groupOrder: 1 }, // after the others
        },
      },
    ],
  },
});
