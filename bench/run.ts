import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { machine } from './machine.ts';
import type { Bench, Row } from './row.ts';

const HERE = new URL('./', import.meta.url);
const NOT_A_BENCH = new Set([
  'run',
  'machine',
  'row',
  'server',
  'percentiles',
  'load',
  'entities',
  'patches',
  'points',
  'watcher',
]);

const listNames = async () =>
  (await readdir(HERE))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .filter((name) => !NOT_A_BENCH.has(name));

const say = (text: string) => process.stdout.write(`${text}\n`);

const format = (value: number) =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

const print = (row: Row) => {
  const ratio =
    row.ratio === undefined ? '' : `   ${(row.ratio * 100).toFixed(0)} % of ${row.against}`;
  say(`  ${row.metric.padEnd(46)} ${format(row.value).padStart(10)} ${row.unit}${ratio}`);
};

const [name] = process.argv.slice(2);
const names = await listNames();
if (!name || !names.includes(name)) {
  say(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  process.exit(name ? 1 : 0);
}
const { bench } = (await import(new URL(`${name}.ts`, HERE).href)) as { bench: Bench };
const on = machine();
say(`${name} on ${on}`);
const rows: Row[] = [];
await bench((row) => {
  rows.push(row);
  print(row);
});
await mkdir(new URL('results/', HERE), { recursive: true });
await writeFile(
  new URL(`results/${name}.json`, HERE),
  `${JSON.stringify({ name, machine: on, rows }, null, 2)}\n`,
);
process.exit(0);
