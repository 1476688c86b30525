import { sql } from 'kysely';
import type { Client } from 'oidc-provider';
import { Refusal } from '#kernel/errors';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import type { Consent } from './contract.ts';

const CONSENTS_LISTED_MAX = 500;

/**
 * What a person let an application do earlier. A program that runs at the person's proves nothing of itself: it asks
 * anew (RFC 8252 §8.6).
 */
export const findStandingGrant = async (
  db: Db,
  person: string,
  client: Client,
  now: Date,
): Promise<string | undefined> => {
  if (client.clientAuthMethod === 'none') return undefined;
  const { rows } = await sql<{ id: string }>`
    select id from identity.oidc_artifacts
    where model = 'Grant' and account = ${person} and client = ${client.clientId} and expires_at > ${toInstant(now)}
    order by expires_at desc limit 1`.execute(db);
  return rows[0]?.id;
};

type Payload = {
  iat: number;
  exp?: number;
  openid?: { scope?: string };
  resources?: Record<string, string>;
};

/** The applications that a person let in, with what they may do; newest first. */
export const listConsents = async (db: Db, person: string, now: Date): Promise<Consent[]> => {
  const { rows } = await sql<{
    id: string;
    payload: Payload;
    client: string;
    zh: string;
    en: string;
  }>`
    select a.id, a.payload, a.client, c.name_zh as zh, c.name_en as en
    from identity.oidc_artifacts a join identity.clients c on c.id = a.client
    where a.model = 'Grant' and a.account = ${person} and c.ended_at is null
      and (a.expires_at is null or a.expires_at > ${toInstant(now)})
    order by a.expires_at desc limit ${CONSENTS_LISTED_MAX}`.execute(db);
  return rows.map(({ id, payload, client, zh, en }) => ({
    id,
    application: { id: client, name: { zh, en } },
    scopes: [payload.openid?.scope, ...Object.values(payload.resources ?? {})]
      .flatMap((scope) => scope?.split(' ') ?? [])
      .filter((scope) => scope !== ''),
    givenAt: toInstant(payload.iat * 1000),
    until: payload.exp === undefined ? null : toInstant(payload.exp * 1000),
  }));
};

/** Takes back what was let: all tokens under it end. Call it in a transaction. Throws Refusal('not-found'). */
export const endConsent = async (db: Db, person: string, id: string): Promise<string> => {
  const { rows } = await sql<{ client: string }>`
    delete from identity.oidc_artifacts where model = 'Grant' and id = ${id} and account = ${person}
    returning client`.execute(db);
  if (!rows[0]) throw new Refusal('not-found', 'You gave no such consent.');
  await sql`delete from identity.oidc_artifacts where grant_id = ${id}`.execute(db);
  return rows[0].client;
};
