import type { Database } from '#kernel/database';
import type { Egress } from '#kernel/egress';
import { newId } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { type Snapshot, SNAPSHOT_COLUMNS } from './snapshots.ts';

const TIMEOUT_MS = 5_000;
const ANSWER_BYTES_MAX = 64 * 1024;
const TRIES_MAX = 5;
const AT_ONCE = 20;

/** Clause 5.3.4. */
const noticeOf = (snapshot: Snapshot, notifiedAt: string) => {
  const { snapshotQueriesDetails, snapshotTemporalQueriesDetails } = snapshot.details;
  return {
    id: `urn:ngsi-ld:SnapshotNotification:${newId()}`,
    type: 'SnapshotNotification',
    expiresAt: snapshot.expiresAt,
    notifiedAt,
    snapshotId: snapshot.id,
    snapshotPriority: snapshot.priority,
    snapshotStatus: snapshot.status,
    ...(snapshotQueriesDetails ? { snapshotQueriesDetails } : {}),
    // The member has another name here than in the snapshot (table 5.3.4-1).
    ...(snapshotTemporalQueriesDetails
      ? { temporalSnapshotQueriesDetails: snapshotTemporalQueriesDetails }
      : {}),
  };
};

type Needs = { database: Database; clock: Clock; egress: Egress; log: Logger };

/** Tells endpoints of the state of their snapshots (clause 5.16.6): again a few times where nobody answers. */
export const openNotices = ({ database, clock, egress, log }: Needs) => {
  const send = async (snapshot: Snapshot): Promise<boolean> => {
    const { endpoint, receiverInfo = [] } = snapshot.document;
    if (endpoint === undefined) return true;
    try {
      const { status } = await egress({
        url: endpoint,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(snapshot.tenant ? { 'ngsild-tenant': snapshot.tenant } : {}),
          ...Object.fromEntries(receiverInfo.map(({ key, value }) => [key, value])),
        },
        body: JSON.stringify(noticeOf(snapshot, toInstant(clock.now()))),
        timeoutMs: TIMEOUT_MS,
        bytesMax: ANSWER_BYTES_MAX,
      });
      return status >= 200 && status < 300;
    } catch (error) {
      log.info({ err: error, snapshot: snapshot.id }, 'nobody was told of a snapshot');
      return false;
    }
  };

  /** Tells all that are to be told. */
  const tell = async (): Promise<void> => {
    const untold = await database.query<Snapshot & { tries: number }>(
      `with u as materialized (
         select tenant, id from context.snapshots where untold order by modified_at limit ${AT_ONCE} for update skip locked)
       update context.snapshots s set tries = s.tries + 1, untold = s.tries + 1 < ${TRIES_MAX} from u
       where s.tenant = u.tenant and s.id = u.id returning ${SNAPSHOT_COLUMNS}, s.tries`,
    );
    await Promise.all(
      untold.map(async (snapshot) => {
        if (!(await send(snapshot))) return;
        await database.query(
          'update context.snapshots set untold = false where tenant = $1 and id = $2 and tries = $3',
          [snapshot.tenant, snapshot.id, snapshot.tries],
        );
      }),
    );
  };
  return {
    tell,
    wake: () => void tell().catch((error: unknown) => log.error({ err: error }, 'notices wait')),
    /** Clause 5.3.4: an end that lies before the notice says that the snapshot is gone. */
    tellGone: (gone: readonly Snapshot[]): void => {
      const expiresAt = toInstant(clock.now().getTime() - 1);
      for (const snapshot of gone) void send({ ...snapshot, expiresAt });
    },
  };
};
export type Notices = ReturnType<typeof openNotices>;
