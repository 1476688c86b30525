import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { House } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { ensureTemplate } from '#kernel/database';
import { openLog } from '#kernel/log';
import { openCity } from '../src/apps/open.ts';

/** A data folder in which a house starts at once; removed by whoever asked for it. */
export const makeDataFolder = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-city-'));
  cpSync(await ensureTemplate(), join(folder, 'db'), { recursive: true });
  return folder;
};

/** Everything that `npm start` starts, in this process, with AUTH=on, without demonstration devices and quiet. */
export const openTestCity = async (env: Readonly<Record<string, string>> = {}): Promise<House> => {
  const folder = await makeDataFolder();
  const settings = { PORT: '0', MQTT_PORT: '0', DEMO: 'off', LOG_LEVEL: 'silent', ...env };
  const house = await openCity(readConfig({ DATA_DIR: folder, ...settings }), openLog('silent'));
  return {
    ...house,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
