import type { Command } from 'commander';
import { CliFailure, withClient } from './client.ts';

type Token = {
  id: string;
  name: string;
  roles: string[];
  scopes: string[] | null;
  expiresAt: string;
  revokedAt: string | null;
  secret?: string;
};
type Options = { role: string[]; scope?: string[]; days: string };

const DAY_MS = 86_400_000;
const PATH = '/api/identity/tokens';

const line = (token: Token): string =>
  [
    token.id,
    token.revokedAt ? '已撤销 revoked' : token.expiresAt.slice(0, 10),
    token.roles.join(','),
    token.scopes?.join(',') ?? '*',
    token.name,
  ].join('  ');

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Tokens of applications, made by the operator of this machine. */
export const addTokenCommands = (program: Command) => {
  const token = program.command('token').description('应用令牌 tokens of applications');

  token
    .command('add <name>')
    .description('签发令牌，只显示一次 make a token; it is shown once')
    .requiredOption('--role <role...>', 'developer, operator, administrator')
    .option('--scope <scope...>', 'limit it to modules (context) or actions (context.read)')
    .option('--days <n>', 'how long it is good', '90')
    .action(async (name: string, { role: roles, scope: scopes, days }: Options) => {
      const life = Number(days) * DAY_MS;
      if (!(life > 0)) throw new CliFailure(`--days ${days} is no number of days.`);
      await withClient(async (client) => {
        const expiresAt = new Date(Date.now() + life).toISOString();
        const answer = await client.call(PATH, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name, roles, expiresAt, ...(scopes && { scopes }) }),
        });
        const made = (await answer.json()) as Token;
        process.stderr.write(`${line(made)}\n`);
        say(made.secret ?? '');
      });
    });

  token
    .command('list')
    .description('列出令牌 list them, newest first')
    .action(() =>
      withClient(async (client) => {
        for (const one of (await client.json<{ items: Token[] }>(PATH)).items) say(line(one));
      }),
    );

  token
    .command('revoke <id>')
    .description('撤销令牌及其签发的令牌 end a token and those that it made')
    .action((id: string) =>
      withClient(async (client) => {
        await client.call(`${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE' });
        say(`${id} 已撤销 revoked`);
      }),
    );
};
