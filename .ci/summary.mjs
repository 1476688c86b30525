// Reads vitest's JSON report: names what was skipped, ends with one plain line of counts, and fails unless every test ran
// and passed. Only tests on data beside the checkout may be skipped, and only where that data is absent.
import { existsSync, readFileSync } from 'node:fs';

const [, , path] = process.argv;
const say = (line) => process.stdout.write(`${line}\n`);

if (!existsSync(path)) {
  say('The tests ended without a report.');
  say('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

const files = JSON.parse(readFileSync(path, 'utf8')).testResults;
const tests = files.flatMap((file) => file.assertionResults);
const passed = tests.filter((test) => test.status === 'passed').length;
const broken = files.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
);
const failed = tests.filter((test) => test.status === 'failed').length + broken.length;
const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status));

/** Whether a test file reads a folder beside the checkout that is not there. */
const lacksItsData = (file) => {
  const [folder] = /shared\/(?:data|design)/.exec(readFileSync(file.name, 'utf8')) ?? [];
  return folder !== undefined && !existsSync(`../${folder}`);
};
const mayBeSkipped = new Set(files.filter(lacksItsData).flatMap((file) => file.assertionResults));
const wronglySkipped = skipped.filter((test) => !mayBeSkipped.has(test));
for (const file of broken) say(`Broken: ${file.name}`);
for (const test of wronglySkipped) say(`Skipped, but must run here: ${test.fullName}`);
if (passed === 0) say('No test ran.');

say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed + wronglySkipped.length === 0 && passed > 0 ? 0 : 1);
