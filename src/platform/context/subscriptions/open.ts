import type { Database } from '#kernel/database';
import type { Egress, Reach } from '#kernel/egress';
import type { Logger } from '#kernel/log';
import type { Consumer } from '#kernel/outbox';
import type { Job } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import { openSourcesNow } from '../federation/registrations/notices.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import type { SightOf } from '../sight.ts';
import { forgetDeliveries } from './deliveries.ts';
import { openNotifier } from './notify.ts';
import { openPeriodic } from './periodic.ts';
import { openSender } from './sender.ts';
import { openShowing } from './showing.ts';
import { openSubscriptions } from './subscriptions.ts';
import { openWatches } from './watches.ts';

const FORGET_EVERY_SECONDS = 600;

type Needs = {
  database: Database;
  clock: Clock;
  log: Logger;
  contexts: Contexts;
  egress: Egress;
  reach: Reach;
  /** Whether this process tells subscribers, or only takes subscriptions. */
  works: boolean;
  sightOf: SightOf;
  /** Called when subscriptions were written down, with the event that says so. */
  committed: () => void;
};

/** Subscriptions from the row to the receiver: changes → `deliveries` (a consumer) → receivers (a sender). */
export const openNotifications = (needs: Needs) => {
  const { database, clock, log, works } = needs;
  const showing = openShowing(database, log);
  const sender = openSender(needs);
  const periodic = openPeriodic(needs, sender.wake, openSourcesNow(database, clock));
  const consumer: Consumer = openNotifier({
    database,
    clock,
    watches: openWatches(database, log),
    take: sender.take,
    sightOf: needs.sightOf,
  });
  const job: Job = {
    name: 'context.forget-deliveries',
    everySeconds: FORGET_EVERY_SECONDS,
    limitSeconds: 300,
    run: () => forgetDeliveries(database),
  };
  return {
    subscriptions: openSubscriptions(database, clock, undefined, async () => {
      needs.committed();
      await showing.look();
    }),
    /** Whether changes are to carry what was there before. */
    tellsPrevious: showing.current,
    wake: sender.wake,
    consumer,
    job,
    start: async () => {
      await showing.start();
      if (!works) return;
      sender.start();
      periodic.start();
    },
    stop: async () => {
      showing.stop();
      await periodic.stop();
      await sender.stop();
    },
  };
};
export type Notifications = ReturnType<typeof openNotifications>;
