import type { Kernel } from '#kernel/module';
import { toInstant } from '#kernel/time';
import type { sensingEvents } from './events.ts';
import type { SensingTables } from './tables.ts';

/** A device is silent past so many of its intervals: it is late after two, and one more may be the network's. */
const SILENT_INTERVALS = 3;
/** More at once is a fault of ours or of the network, told by the metrics; the rest follows with the next look. */
const SILENCES_PER_LOOK_MAX = 1000;

const OPEN = `
  insert into sensing.silences (device, opened_at)
  select d.id, $1 from sensing.devices d join sensing.device_state s on s.device = d.id
  where d.expected_seconds is not null and d.revoked_at is null and (d.expires_at is null or d.expires_at > $1)
    and s.last_seen_at < $1::timestamptz - d.expected_seconds * ${SILENT_INTERVALS} * interval '1 second'
    and not exists (select 1 from sensing.silences q where q.device = d.id and q.closed_at is null)
  order by d.id limit ${SILENCES_PER_LOOK_MAX}
  on conflict do nothing returning device`;

const TELL = `
  select d.id as device, d.entity, d.class, s.last_seen_at as "lastSeenAt", d.expected_seconds as "expectedSeconds"
  from sensing.devices d join sensing.device_state s on s.device = d.id where d.id = any($1::text[]) order by d.id`;

const CLOSE = `
  update sensing.silences q set closed_at = $1
  from sensing.devices d join sensing.device_state s on s.device = d.id
  where q.device = d.id and q.closed_at is null and s.last_seen_at > q.opened_at
  returning d.id as device, d.entity, d.class, q.opened_at as "silentSince"`;

type Silent = {
  device: string;
  entity: string;
  class: string;
  lastSeenAt: string;
  expectedSeconds: number;
};
type Back = { device: string; entity: string; class: string; silentSince: string };

/** Opens a silence for each device that should have spoken, closes those of devices that speak again, announces both. */
export const lookForSilences = (
  kernel: Pick<Kernel<SensingTables, typeof sensingEvents>, 'clock' | 'transact'>,
): Promise<{ silent: number; back: number }> => {
  const at = toInstant(kernel.clock.now());
  return kernel.transact(async ({ sql, emit }) => {
    const back = await sql.query<Back>(CLOSE, [at]);
    for (const device of back.rows) emit('sensing.device-back', device.device, { ...device, at });
    const opened = await sql.query<{ device: string }>(OPEN, [at]);
    const silent = await sql.query<Silent>(TELL, [opened.rows.map((row) => row.device)]);
    for (const device of silent.rows)
      emit('sensing.device-silent', device.device, { ...device, at });
    return { silent: silent.rows.length, back: back.rows.length };
  });
};
