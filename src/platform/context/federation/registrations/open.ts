import type { Database } from '#kernel/database';
import type { Job } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import type { Audit } from '#platform/audit';
import { openSubscriptions } from '../../subscriptions/subscriptions.ts';
import { ofRegistrations } from './notices.ts';
import { openRegistrations } from './registrations.ts';
import type { OpenRegistry } from './registry.ts';

const EXPIRE_EVERY_SECONDS = 30;

type Needs = {
  database: Database;
  clock: Clock;
  audit: Pick<Audit, 'record'>;
  registry: OpenRegistry;
  /** Notifications were written down. */
  wake: () => void;
};

/** Registrations, and the subscriptions to them. */
export const openFederation = ({ database, clock, audit, registry, wake }: Needs) => {
  const registrations = openRegistrations({
    database,
    clock,
    audit,
    changed: () => {
      registry.forget();
      wake();
    },
  });
  const job: Job = {
    name: 'context.expire-registrations',
    everySeconds: EXPIRE_EVERY_SECONDS,
    limitSeconds: 60,
    run: registrations.removeExpired,
  };
  return {
    registrations,
    subscriptions: openSubscriptions(database, clock, ofRegistrations(clock)),
    job,
  };
};
