import { Command } from 'commander';
import { Refusal } from '#kernel/errors';
import { addArchiveCommands } from './cli/archive.ts';
import { addAuditCommands } from './cli/audit.ts';
import { addImportCommand } from './cli/import.ts';
import { addLookCommands } from './cli/look.ts';
import { addSimulateCommand } from './cli/simulate.ts';
import { addTokenCommands } from './cli/token.ts';
import { CliFailure } from './cli/client.ts';
import { version } from './open.ts';

const program = new Command('npm run city --')
  .description('三江 Sanjiang: 城市平台命令行 the city platform at the command line')
  .version(version)
  .showHelpAfterError();

addLookCommands(program);
addImportCommand(program);
addArchiveCommands(program);
addAuditCommands(program);
addSimulateCommand(program);
addTokenCommands(program);

try {
  await program.parseAsync();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  const expected = error instanceof Refusal || error instanceof CliFailure;
  process.stderr.write(`${expected ? error.message : (error as Error).stack}\n`);
  process.exit(1);
}
