import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type LogState, splitLines, type Verdict, verifyExport } from '#platform/audit';
import { CliFailure, withClient } from './client.ts';

type Fault = NonNullable<Verdict['fault']>;

const placeOf = ({ at }: Fault): string => {
  if (at === 'file') return '文件 the file';
  if ('entry' in at) return `条目 entry ${at.entry}`;
  if ('head' in at) return `树头 head of ${at.head} entries`;
  return `条目 entries ${at.entries[0]}–${at.entries[1]}`;
};

const verdictText = (v: Verdict): string => {
  const facts = `${v.entries} 条目 entries, ${v.heads} 签名树头 signed heads, 密钥 keys ${v.keys.join(', ') || '–'}`;
  if (v.fault)
    return `损坏 BAD: ${placeOf(v.fault)} (行 line ${v.fault.line}): ${v.fault.why}.\n之前 before it: ${facts}\n`;
  const lines = [`完好 GOOD: ${facts}`];
  if (v.newest)
    lines.push(`最新 newest: ${v.newest.size} ${v.newest.root.toString('hex')} ${v.newest.time}`);
  if (v.withoutContent > 0)
    lines.push(
      `${v.withoutContent} 条目已过保存期，仅余散列 entries are past their time: hashes only`,
    );
  if (v.withoutPersonal > 0)
    lines.push(`${v.withoutPersonal} 条目不含个人信息 entries without what is personal`);
  if (v.keys.length > 1)
    lines.push('不止一个密钥签过名：请核对 more than one key has signed: make sure of each');
  return `${lines.join('\n')}\n`;
};

type VerifyOptions = { key?: string; head?: string };

const readText = (file: string) =>
  readFile(file, 'utf8').catch((error: Error) => {
    throw new CliFailure(`${file} cannot be read: ${error.message}.`);
  });

const verify = async (file: string | undefined, { key, head }: VerifyOptions) => {
  const known = {
    ...(key !== undefined && { key }),
    ...(head !== undefined && { head: await readText(head) }),
  };
  const say = (verdict: Verdict) => {
    process.stdout.write(verdictText(verdict));
    if (verdict.fault) process.exitCode = 1;
  };
  if (file !== undefined) {
    const source = createReadStream(file);
    say(
      await verifyExport(splitLines(source), known).catch((error: Error) => {
        throw new CliFailure(`${file} cannot be read: ${error.message}.`);
      }),
    );
    return;
  }
  await withClient(async (client) => {
    const { pending } = await client.json<LogState>('/api/audit/state');
    const answer = await client.call('/api/audit/export?personal=true');
    say(await verifyExport(splitLines(Readable.fromWeb(answer.body as never)), known));
    if (pending > 0)
      process.stdout.write(`${pending} 条目尚待入树 entries wait for their places\n`);
  });
};

type ExportOptions = { personal?: boolean; first?: string; end?: string };

const take = async (file: string, { personal, first, end }: ExportOptions) => {
  const question = new URLSearchParams({
    ...(personal && { personal: 'true' }),
    ...(first !== undefined && { first }),
    ...(end !== undefined && { end }),
  });
  const partial = `${file}.partial`;
  await withClient(async (client) => {
    const answer = await client.call(`/api/audit/export?${question}`);
    try {
      await pipeline(
        Readable.fromWeb(answer.body as never),
        createWriteStream(partial, { flags: 'wx' }),
      );
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  });
  process.stdout.write(`${file}\n`);
};

const head = async () => {
  await withClient(async (client) => {
    const state = await client.json<LogState>('/api/audit/state');
    process.stdout.write(state.head?.note ?? '');
  });
};

export const addAuditCommands = (program: Command) => {
  const audit = program
    .command('audit')
    .description('审计日志：核验、导出 the audit log: verify it, take it out');
  audit
    .command('verify [file]')
    .description('核验当前日志或一个导出文件 verify the log as it is, or an export')
    .option('--key <line>', '已知的公钥 the public key that you have from elsewhere')
    .option('--head <file>', '先前保存的树头 a head that you kept: the log must continue it')
    .action(verify);
  audit
    .command('export <file>')
    .description(
      '导出日志（NDJSON、树头、证明） write the log with its heads, or a part with proofs',
    )
    .option('--personal', '包含个人信息 with the parts that say who and to whom')
    .option('--first <index>', '从此条目起 from this entry')
    .option('--end <index>', '到此条目前 up to and without this one')
    .action(take);
  audit
    .command('head')
    .description('打印最新签名树头，供另存 print the newest signed head, to be kept elsewhere')
    .action(head);
};
