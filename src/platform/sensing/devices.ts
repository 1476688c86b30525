import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { Refusal } from '#kernel/errors';
import type { Device, DeviceChange, DeviceStatus, NewDevice } from './contract.ts';
import type { SensingTables } from './tables.ts';

/** A device is late past so many of its intervals: one message may get lost. */
const LATE_INTERVALS = 2;
export const DEVICES_PAGE_MAX = 1000;

type Db = Kysely<SensingTables>;

const select = (db: Db, now: string) =>
  db
    .selectFrom('devices as d')
    .leftJoin('device_state as s', 's.device', 'd.id')
    .leftJoin('silences as q', (join) =>
      join.onRef('q.device', '=', 'd.id').on('q.closed_at', 'is', null),
    )
    .select([
      'd.id',
      'd.name',
      'd.class',
      'd.entity',
      'd.entity_type',
      'd.mapping',
      'd.owner',
      'd.system',
      'd.district',
      'd.lon',
      'd.lat',
      'd.expected_seconds',
      'd.demo',
      'd.sandbox',
      'd.expires_at',
      'd.created_at',
      'd.revoked_at',
      's.last_seen_at',
      's.last_message',
      's.messages',
      's.refused',
      'q.opened_at as silent_since',
    ])
    .select(
      sql<DeviceStatus>`case
        when d.revoked_at is not null then 'revoked'
        when q.opened_at is not null then 'silent'
        when s.last_seen_at is null then 'new'
        when s.last_seen_at < ${now}::timestamptz - d.expected_seconds * ${LATE_INTERVALS} * interval '1 second' then 'late'
        else 'live' end`.as('status'),
    );
type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

const toDevice = (row: Row): Device => ({
  id: row.id,
  name: row.name,
  class: row.class,
  entity: row.entity,
  entityType: row.entity_type,
  demo: row.demo,
  sandbox: row.sandbox,
  status: row.status,
  createdAt: row.created_at,
  messages: row.messages ?? 0,
  refused: row.refused ?? 0,
  ...(row.mapping === null ? {} : { mapping: row.mapping }),
  ...(row.owner === null ? {} : { owner: row.owner }),
  ...(row.system === null ? {} : { system: row.system }),
  ...(row.district === null ? {} : { district: row.district }),
  ...(row.lon === null || row.lat === null ? {} : { location: { lon: row.lon, lat: row.lat } }),
  ...(row.expected_seconds === null ? {} : { expectedSeconds: row.expected_seconds }),
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  ...(row.last_seen_at === null ? {} : { lastSeenAt: row.last_seen_at }),
  ...(row.last_message === null ? {} : { lastMessage: row.last_message }),
  ...(row.silent_since === null ? {} : { silentSince: row.silent_since }),
});

export const findDevice = async (db: Db, id: string, now: string): Promise<Device | undefined> => {
  const row = await select(db, now).where('d.id', '=', id).executeTakeFirst();
  return row && toDevice(row);
};

/** Throws Refusal('not-found'). */
export const getDevice = async (db: Db, id: string, now: string): Promise<Device> => {
  const device = await findDevice(db, id, now);
  if (!device) throw new Refusal('not-found', `There is no device ${id}.`, { device: id });
  return device;
};

export type DeviceQuestion = {
  readonly state?: DeviceStatus;
  readonly class?: string;
  readonly q?: string;
  readonly limit: number;
  readonly offset: number;
};

/** In order of ids. `class` may be the beginning of one, such as I20.2; `q` is looked for in ids, names and owners. */
export const listDevices = async (db: Db, question: DeviceQuestion, now: string) => {
  const state = question.state;
  let found = db
    .selectFrom(select(db, now).as('device'))
    .selectAll()
    .where(state ? sql<boolean>`status = ${state}` : sql<boolean>`status <> 'revoked'`);
  if (question.class) found = found.where(sql<boolean>`starts_with(class, ${question.class})`);
  if (question.q)
    found = found.where(
      sql<boolean>`strpos(lower(id || ' ' || entity || ' ' || coalesce(owner, '') || ' ' || name::text), lower(${question.q})) > 0`,
    );
  const { total } = await found
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await found.orderBy('id').limit(question.limit).offset(question.offset).execute();
  return { total, devices: rows.map((row) => toDevice(row as Row)) };
};

export type AddedDevice = NewDevice & { readonly sandbox?: boolean; readonly expiresAt?: string };

/** Throws Refusal('conflict') where the id is taken, 'invalid' where the mapping is unknown. */
export const addDevice = async (
  db: Db,
  device: AddedDevice,
  secretHash: string,
  now: string,
): Promise<void> => {
  await mustHaveMapping(db, device.mapping);
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('devices')
    .values({
      id: device.id,
      name: JSON.stringify(device.name) as never,
      class: device.class,
      entity: device.entity,
      entity_type: device.entityType,
      mapping: device.mapping ?? null,
      owner: device.owner ?? null,
      system: device.system ?? null,
      district: device.district ?? null,
      lon: device.location?.lon ?? null,
      lat: device.location?.lat ?? null,
      expected_seconds: device.expectedSeconds ?? null,
      secret_hash: secretHash,
      demo: device.demo ?? false,
      sandbox: device.sandbox ?? false,
      expires_at: device.expiresAt ?? null,
      created_at: now,
      revoked_at: null,
    })
    .onConflict((c) => c.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n)
    throw new Refusal('conflict', `There is a device ${device.id} already.`, { device: device.id });
};

const mustHaveMapping = async (db: Db, id: string | null | undefined) => {
  if (id === null || id === undefined) return;
  const found = await db
    .selectFrom('mappings')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw new Refusal('invalid', `There is no mapping ${id}.`, { member: 'mapping' });
};

/** Throws Refusal('invalid') where the mapping is unknown. */
export const changeDevice = async (db: Db, id: string, change: DeviceChange): Promise<void> => {
  await mustHaveMapping(db, change.mapping);
  const { name, location } = change;
  await db
    .updateTable('devices')
    .set({
      ...(name === undefined ? {} : { name: JSON.stringify(name) as never }),
      ...(change.class === undefined ? {} : { class: change.class }),
      ...(change.mapping === undefined ? {} : { mapping: change.mapping }),
      ...(change.owner === undefined ? {} : { owner: change.owner }),
      ...(change.expectedSeconds === undefined ? {} : { expected_seconds: change.expectedSeconds }),
      ...(location === undefined ? {} : { lon: location?.lon ?? null, lat: location?.lat ?? null }),
    })
    .where('id', '=', id)
    .execute();
};

/** The device stays in the book, with the day from which nothing of it is taken. */
export const revokeDevice = async (db: Db, id: string, now: string): Promise<void> => {
  await db
    .updateTable('devices')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
  await db
    .updateTable('silences')
    .set({ closed_at: now })
    .where('device', '=', id)
    .where('closed_at', 'is', null)
    .execute();
};

export const setSecret = async (db: Db, id: string, secretHash: string): Promise<void> => {
  await db.updateTable('devices').set({ secret_hash: secretHash }).where('id', '=', id).execute();
};
