import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';

const FLUSH_MS = 1000;
/** Kept for each name a message came under, newest first. */
const REFUSALS_KEPT = 50;
/** A flood of bad messages is counted, but only so many a second are kept to be read. */
const REFUSALS_PER_FLUSH_MAX = 500;
/** Names are the sender's to choose, so that their number is bounded too. */
const REFUSALS_MAX = 100_000;
const PAYLOAD_CHARACTERS_MAX = 1024;

type Heard = { at: number; message: string | undefined; messages: number; refused: number };
type Refused = { device: string; at: string; via: string; reason: string; payload: string };

const SEEN = `
  insert into sensing.device_state as s (device, last_seen_at, last_message, messages, refused)
  select r.device, r.at, r.message, r.messages, r.refused
  from jsonb_to_recordset($1::jsonb) as r (device text, at timestamptz, message text, messages bigint, refused bigint)
  join sensing.devices d on d.id = r.device order by r.device
  on conflict (device) do update set
    last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at),
    last_message = coalesce(excluded.last_message, s.last_message),
    messages = s.messages + excluded.messages, refused = s.refused + excluded.refused`;

const REFUSED = `
  insert into sensing.refusals (device, at, via, reason, payload)
  select device, at, via, reason, payload
  from jsonb_to_recordset($1::jsonb) as r (device text, at timestamptz, via text, reason text, payload text)`;

const TRIM = `
  delete from sensing.refusals r using (
    select device, id, row_number() over (partition by device order by id desc) as n
    from sensing.refusals where device = any($1::text[])) k
  where r.id = k.id and k.n > ${REFUSALS_KEPT}`;

const TRIM_ALL = `
  delete from sensing.refusals where id <= (
    select id from sensing.refusals order by id desc offset ${REFUSALS_MAX} limit 1)`;

/** What the database can hold of a payload that was refused, whatever bytes it had. */
const toExcerpt = (payload: string) =>
  payload.slice(0, PAYLOAD_CHARACTERS_MAX).toWellFormed().replaceAll('\0', '␀');

/**
 * Who was heard when, and what was refused, gathered in memory and written once a second. A crash loses at most the
 * last second of these counts, never a reading.
 */
export const openPresence = (database: Database, log: Logger) => {
  let heard = new Map<string, Heard>();
  let refused: Refused[] = [];
  let flushing = Promise.resolve();

  const entry = (device: string, at: number): Heard => {
    const found = heard.get(device);
    if (found) return found;
    const made = { at, message: undefined, messages: 0, refused: 0 };
    heard.set(device, made);
    return made;
  };

  const write = async () => {
    if (heard.size > 0) {
      const rows = [...heard].map(([device, { at, ...rest }]) => ({
        device,
        at: at > 0 ? new Date(at).toISOString() : null,
        ...rest,
      }));
      heard = new Map();
      await database.query(SEEN, [JSON.stringify(rows)]);
    }
    if (refused.length > 0) {
      const rows = refused;
      refused = [];
      await database.query(REFUSED, [JSON.stringify(rows)]);
      await database.query(TRIM, [[...new Set(rows.map((row) => row.device))]]);
      await database.query(TRIM_ALL);
    }
  };

  const flush = (): Promise<void> => {
    flushing = flushing.then(write).catch((error: unknown) => {
      log.warn({ err: error }, 'presence cannot be written; a second of counts is lost');
    });
    return flushing;
  };

  const timer = setInterval(() => void flush(), FLUSH_MS).unref();

  return {
    seen: (device: string, at: number, message: string | undefined) => {
      const found = entry(device, at);
      if (at > found.at) found.at = at;
      if (message !== undefined) found.message = message;
      found.messages++;
    },

    /** A message that was not taken. `payload` is what there was to read of it. */
    refuse: (device: string, at: number, via: string, reason: string, payload: string) => {
      // A refused message does not prove that the device is well: only its count moves.
      entry(device, 0).refused++;
      if (refused.length < REFUSALS_PER_FLUSH_MAX)
        refused.push({
          device: device.slice(0, 200).toWellFormed().replaceAll('\0', '␀'),
          at: new Date(at).toISOString(),
          via,
          reason: reason.toWellFormed().replaceAll('\0', '␀'),
          payload: toExcerpt(payload),
        });
    },

    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
};
export type Presence = ReturnType<typeof openPresence>;
