import { sql } from 'kysely';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { hashSecret } from '#kernel/ids';
import type { Clock } from '#kernel/time';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import { findClientMetadata } from './clients.ts';

/**
 * Their cookies are signed as well, so these may name themselves, and a device's code is found by what the person types;
 * the id of every other one is a secret that we forget.
 */
const NAMED = new Set(['Session', 'Interaction', 'Grant', 'ReplayDetection', 'DeviceCode']);

type Row = { payload: AdapterPayload; consumed_at: string | null };

/** Keeps what the provider keeps: one table, by model and by the hash of what its bearer holds. */
export const openAdapter = (db: Db, clock: Clock) => {
  const nowText = () => toInstant(clock.now());
  const toPayload = (row: Row | undefined, id?: string): AdapterPayload | undefined =>
    row && {
      ...row.payload,
      ...(id !== undefined && { jti: id }),
      ...(row.consumed_at && { consumed: Math.floor(Date.parse(row.consumed_at) / 1000) }),
    };

  return (model: string): Adapter => {
    const key = (id: string) => (model === 'Grant' ? id : hashSecret(id));
    const findBy = async (column: 'id' | 'uid' | 'user_code', value: string) => {
      const { rows } = await sql<Row>`
        select payload, consumed_at from identity.oidc_artifacts
        where model = ${model} and ${sql.ref(column)} = ${value} and (expires_at is null or expires_at > ${nowText()})`.execute(
        db,
      );
      return rows[0];
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        const { jti: _, ...rest } = payload;
        const stored = NAMED.has(model) ? payload : rest;
        const ends = expiresIn ? toInstant(clock.now().getTime() + expiresIn * 1000) : null;
        await sql`
          insert into identity.oidc_artifacts
            (model, id, payload, grant_id, user_code, uid, account, client, expires_at)
          values (${model}, ${key(id)}, ${JSON.stringify(stored)}, ${payload.grantId ?? null},
            ${payload.userCode === undefined ? null : hashSecret(payload.userCode)}, ${payload.uid ?? null},
            ${payload.accountId ?? null}, ${payload.clientId ?? null}, ${ends})
          on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
            user_code = excluded.user_code, uid = excluded.uid, account = excluded.account, client = excluded.client,
            expires_at = excluded.expires_at`.execute(db);
      },
      find: async (id) =>
        model === 'Client'
          ? findClientMetadata(db, id)
          : toPayload(await findBy('id', key(id)), id),
      findByUid: async (uid) => toPayload(await findBy('uid', uid)),
      findByUserCode: async (code) => toPayload(await findBy('user_code', hashSecret(code))),
      consume: async (id) => {
        const { rows } = await sql`
          update identity.oidc_artifacts set consumed_at = ${nowText()}
          where model = ${model} and id = ${key(id)} and consumed_at is null returning id`.execute(
          db,
        );
        // Of two that come at once with the same code one is served.
        if (rows.length === 0) throw new errors.InvalidGrant('already used');
      },
      destroy: async (id) => {
        await sql`delete from identity.oidc_artifacts where model = ${model} and id = ${key(id)}`.execute(
          db,
        );
      },
      revokeByGrantId: async (grantId) => {
        await sql`delete from identity.oidc_artifacts where model = ${model} and grant_id = ${grantId}`.execute(
          db,
        );
      },
    };
  };
};
