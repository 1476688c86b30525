import type { Command } from 'commander';
import type { DatabaseStatus } from '#kernel/database';
import { type GroupState, renderPlan } from '#governance/programme';
import { withClient } from './client.ts';

type Status = {
  version: string;
  city: { name: { zh: string; en: string } };
  database: DatabaseStatus;
  demo: { on: boolean; rate: number };
  auth: string;
  startedAt: string;
  entities: { type: string; count: number; demo: number }[];
  consumers: { name: string; lag: number; failures: number }[];
  deadLetters: number;
};

const MEGABYTE = 1024 * 1024;
const COLUMNS_DEFAULT = 110;

const statusText = (s: Status, url: string): string => {
  const { database: d } = s;
  const disk = d.fsyncMsP50 === undefined ? '' : `, fsync p50 ${d.fsyncMsP50.toFixed(2)} ms`;
  return [
    `${s.city.name.zh} ${s.city.name.en} · Sanjiang ${s.version} · ${url}`,
    `database   ${d.engine} ${d.version.split(' on ')[0]}, PostGIS ${d.postgis}, ${(d.bytes / MEGABYTE).toFixed(0)} MB${disk}`,
    `since      ${s.startedAt}   auth ${s.auth}   demo ${s.demo.on ? `${s.demo.rate}/s` : 'off'}`,
    `outbox     ${s.consumers.map((c) => `${c.name} ${c.lag} behind`).join(', ') || 'no consumers'}; ${s.deadLetters} dead letters`,
    'entities',
    ...s.entities.map(
      (e) =>
        `  ${e.type.padEnd(28)} ${String(e.count).padStart(8)}${e.demo > 0 ? `   of them demo ${e.demo}` : ''}`,
    ),
  ].join('\n');
};

export const addLookCommands = (program: Command) => {
  program
    .command('status')
    .description('平台状态 how the house is')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      await withClient(async (client) => {
        const status = await client.json<Status>('/api/house/status');
        process.stdout.write(
          `${options.json ? JSON.stringify(status, null, 2) : statusText(status, client.url)}\n`,
        );
      });
    });

  program
    .command('plan')
    .description('规划条款与实现状态 the clauses of the plan and what is real')
    .option('--lang <zh|en>', 'zh or en', 'zh')
    .option('--json', 'as JSON')
    .action(async (options: { lang: 'zh' | 'en'; json?: boolean }) => {
      await withClient(async (client) => {
        const plan = await client.json<{ groups: GroupState[] }>('/api/programme/plan');
        const columns = process.stdout.columns ?? COLUMNS_DEFAULT;
        const text = options.json
          ? JSON.stringify(plan, null, 2)
          : renderPlan(plan.groups, { language: options.lang, columns });
        process.stdout.write(`${text}
`);
      });
    });
};
