import type { Egress } from '#kernel/egress';
import type { Logger } from '#kernel/log';
import type { Job } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import type { Collecting } from './collect.ts';
import { openFiller } from './fill.ts';
import { openNotices } from './notices.ts';
import { openSnapshots } from './snapshots.ts';

const EXPIRE_EVERY_SECONDS = 60;
/** For those whose process died over it, and for endpoints that did not answer. */
const RETRY_EVERY_SECONDS = 15;

type Needs = Collecting & { readonly clock: Clock; readonly egress: Egress; readonly log: Logger };

/** Snapshots (clause 5.16): made at once, filled and told of in the background. */
export const openSnapshotKeeping = (needs: Needs) => {
  const { database, clock } = needs;
  const snapshots = openSnapshots(database, clock);
  const notices = openNotices(needs);
  const filler = openFiller({ ...needs, done: notices.wake });
  const jobs: Job[] = [
    {
      name: 'context.expire-snapshots',
      everySeconds: EXPIRE_EVERY_SECONDS,
      limitSeconds: 60,
      run: snapshots.removeExpired,
    },
    {
      name: 'context.fill-snapshots',
      everySeconds: RETRY_EVERY_SECONDS,
      limitSeconds: 300,
      run: async () => {
        await filler.run();
        await notices.tell();
      },
    },
  ];
  return {
    ...snapshots,
    /** There is one to be filled. */
    fill: filler.wake,
    /** There is one to be told of. */
    tell: notices.wake,
    /** Makes room for a new one. */
    makeRoom: async (tenant: string, kept: string): Promise<void> =>
      notices.tellGone(await snapshots.evict(tenant, kept)),
    jobs,
    stop: filler.stop,
  };
};
export type SnapshotKeeping = ReturnType<typeof openSnapshotKeeping>;
