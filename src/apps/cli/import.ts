import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { CliFailure, withClient } from './client.ts';
import { readLines } from './lines.ts';
import { openProgress } from './progress.ts';

type Report = {
  done: number;
  total?: number;
  refused: number;
  faults?: string[];
  finished?: boolean;
  error?: string;
  already?: boolean;
};

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const parseArgs = (pairs: readonly string[]) =>
  pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new CliFailure(`${pair} is not NAME=VALUE.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });

export const addImportCommand = (program: Command) => {
  program
    .command('import [kind] [file]')
    .description(
      '导入一个文件（可中断，再次运行即续传） take a file in; run it again to go on after an interruption',
    )
    .option('--again', '已导入过也重新导入 import even if this very file was imported before')
    .option('--arg <name=value...>', '导入器参数 settings of the importer', [])
    .addHelpText('after', '\nWithout KIND: the list of kinds. 不带参数则列出全部类型。')
    .action(
      async (
        kind: string | undefined,
        file: string | undefined,
        options: { again?: boolean; arg: string[] },
      ) => {
        await withClient(async (client) => {
          const { importers } = await client.json<{
            importers: { id: string; title: { zh: string; en: string } }[];
          }>('/api/house/importers');
          if (!kind || !file) {
            for (const { id, title } of importers)
              process.stdout.write(`${id.padEnd(24)} ${title.zh}  ${title.en}\n`);
            return;
          }
          if (!importers.some((i) => i.id === kind))
            throw new CliFailure(
              `There is no importer ${kind}. Known: ${importers.map((i) => i.id).join(', ')}.`,
            );
          const found = await stat(file).catch(() => undefined);
          if (!found?.isFile()) throw new CliFailure(`There is no file ${file}.`);
          const query = new URLSearchParams({
            content: await digestOf(file),
            ...(options.again ? { again: 'true' } : {}),
            ...Object.fromEntries(
              parseArgs(options.arg).map(([name, value]) => [`arg.${name}`, value]),
            ),
          });
          const answer = await client.call(`/api/house/imports/${kind}?${query}`, {
            method: 'POST',
            headers: {
              'content-type': 'application/octet-stream',
              'content-length': String(found.size),
            },
            body: Readable.toWeb(createReadStream(file)) as never,
            duplex: 'half',
          });
          const progress = openProgress(`${kind}`);
          let last: Report | undefined;
          for await (const line of readLines(answer)) {
            last = JSON.parse(line) as Report;
            progress.show(
              last.done,
              last.total,
              last.refused > 0 ? `(${last.refused} refused)` : '',
            );
          }
          if (!last || last.error)
            throw new CliFailure(
              `${last?.error ?? 'The connection was cut.'} Run it again to go on from there.`,
            );
          if (last.already)
            return progress.end('已导入过 was imported before; --again imports it again');
          progress.end(
            `${last.done.toLocaleString('en')} 条已导入 taken, ${last.refused} 条被拒 refused`,
          );
          for (const fault of last.faults ?? []) process.stderr.write(`  ${fault}\n`);
        });
      },
    );
};
