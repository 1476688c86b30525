import type { Command } from 'commander';
import { CliFailure, readCliConfig, withClient } from './client.ts';

export const addSimulateCommand = (program: Command) => {
  program
    .command('simulate [rate]')
    .description(
      '演示设备的上报速率（条/秒，0 为停止） how many readings a second the demonstration devices send; 0 stops them',
    )
    .action(async (rate: string | undefined) => {
      const wanted = rate === undefined ? undefined : Number(rate);
      if (wanted !== undefined && !(wanted >= 0))
        throw new CliFailure(`${rate} is not a number of readings a second.`);
      readCliConfig();
      await withClient(async (client) => {
        if (wanted !== undefined)
          await client.call('/api/sensing/simulation', {
            method: 'PUT',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ rate: wanted }),
          });
        const now = await client.json<{ rate: number; devices: number; sent: number }>(
          '/api/sensing/simulation',
        );
        process.stdout.write(`${now.rate} readings/s, ${now.devices} devices, ${now.sent} sent\n`);
      });
    });
};
