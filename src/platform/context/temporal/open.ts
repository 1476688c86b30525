import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { Job } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import { type Evolutions, openEvolutions } from './evolutions.ts';
import {
  parseRetention,
  RETENTION_LIMIT_SECONDS,
  RETENTION_SETTINGS,
  rollOldHistory,
} from './retention.ts';
import { SETTLE_LIMIT_SECONDS, settleHistory } from './settle.ts';

const HOUR_SECONDS = 3_600;

export const HistorySettings = Type.Object({
  ...RETENTION_SETTINGS,
  HISTORY_INSTANCES_MAX: Type.Integer({
    default: 10_000, // some megabytes
    minimum: 1,
    maximum: 100_000,
    description: 'Instances in one answer; the rest follows by time (clause 6.3.10)',
  }),
});

export type History = {
  readonly evolutions: Evolutions;
  readonly instancesMax: number;
  readonly jobs: readonly Job[];
};

/** What the temporal API writes by, how much it answers with, and what becomes of old values and of months that are over. */
export const openHistory = (
  database: Database,
  clock: Clock,
  settings: Static<typeof HistorySettings>,
): History => {
  const retention = parseRetention(settings);
  return {
    evolutions: openEvolutions(database, clock),
    instancesMax: settings.HISTORY_INSTANCES_MAX,
    jobs: [
      {
        name: 'context.roll-history',
        everySeconds: HOUR_SECONDS,
        limitSeconds: RETENTION_LIMIT_SECONDS,
        run: async () => {
          await rollOldHistory(database, clock, retention);
        },
      },
      {
        name: 'context.settle-history',
        everySeconds: HOUR_SECONDS,
        limitSeconds: SETTLE_LIMIT_SECONDS,
        run: async () => {
          await settleHistory(database, clock);
        },
      },
    ],
  };
};
