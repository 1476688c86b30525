import { sql } from 'kysely';
import type { AdapterPayload } from 'oidc-provider';
import type { Actor, Role } from '#kernel/actor';
import { narrowScopes } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret, newId, newSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import type { ClientsTable } from '../tables.ts';
import type { Application, NewApplication } from './contract.ts';

const APPLICATIONS_EACH_MAX = 50;
const APPLICATIONS_LISTED_MAX = 1000;

const isAdministrator = (actor: Actor) => actor.roles.includes('administrator');

const GRANTS = {
  web: ['authorization_code', 'refresh_token'],
  public: ['authorization_code', 'refresh_token'],
  service: ['client_credentials'],
  kiosk: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
} as const;

const methodOf = ({ kind, jwks }: Pick<ClientsTable, 'kind' | 'jwks'>) =>
  kind === 'public' || kind === 'kiosk' ? 'none' : jwks ? 'private_key_jwt' : 'client_secret_basic';

/** An application as the provider knows one; in place of its secret stands the secret's hash. */
export const findClientMetadata = async (
  db: Db,
  id: string,
): Promise<AdapterPayload | undefined> => {
  const row = await db
    .selectFrom('clients')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const method = methodOf(row);
  return {
    client_id: row.id,
    client_name: row.name_en,
    application_type: row.kind === 'public' ? 'native' : 'web',
    grant_types: [...GRANTS[row.kind]],
    response_types: row.kind === 'web' || row.kind === 'public' ? ['code'] : [],
    redirect_uris: row.redirects,
    post_logout_redirect_uris: row.logouts,
    token_endpoint_auth_method: method,
    ...(method === 'client_secret_basic' && { client_secret: row.secret_hash ?? '' }),
    ...(row.jwks ? { jwks: row.jwks as { keys: never[] } } : {}),
    name_zh: row.name_zh,
    city_scopes: row.scopes,
    city_trusted: row.trusted,
  };
};

const toApplication = (row: ClientsTable): Application => ({
  id: row.id,
  name: { zh: row.name_zh, en: row.name_en },
  kind: row.kind,
  redirects: row.redirects,
  logouts: row.logouts,
  scopes: row.scopes,
  roles: row.roles,
  method: methodOf(row),
  trusted: row.trusted,
  owner: row.owner,
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])$/;

/** https, or http to this machine; an app of a person's own may have a scheme of its own with a dot (RFC 8252 §7.1). */
const mustBeSafe = (address: string, kind: NewApplication['kind']) => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe =
    url !== undefined &&
    url.hash === '' &&
    url.username === '' &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && LOOPBACK.test(url.hostname)) ||
      (kind === 'public' && url.protocol.includes('.')));
  if (!isSafe)
    throw new Refusal('invalid', `${address} is no safe address to send people back to.`, {
      at: 'redirects',
    });
};

const mustFit = (actor: Actor, asked: NewApplication) => {
  const returns = asked.kind === 'web' || asked.kind === 'public';
  if (returns !== asked.redirects.length > 0)
    throw new Refusal(
      'invalid',
      returns
        ? 'Say where people are sent back to.'
        : `Nobody is sent back to an application of the kind ${asked.kind}.`,
      { at: 'redirects' },
    );
  for (const address of [...asked.redirects, ...asked.logouts]) mustBeSafe(address, asked.kind);
  if (asked.kind !== 'service' && asked.roles.length > 0)
    throw new Refusal('invalid', 'Only a service has roles of its own; others act for people.', {
      at: 'roles',
    });
  const missing = asked.roles.filter((role) => !actor.roles.includes(role as Role));
  if (missing.length > 0 && !isAdministrator(actor))
    throw new Refusal('forbidden', `You cannot give what you do not have: ${missing.join(', ')}.`);
  if (asked.trusted && !isAdministrator(actor))
    throw new Refusal('forbidden', 'Only an administrator lets an application pass unasked.');
  if (asked.jwks && (asked.kind === 'public' || asked.kind === 'kiosk'))
    throw new Refusal('invalid', `An application of the kind ${asked.kind} keeps no key.`, {
      at: 'jwks',
    });
};

/** Registers an application; call it in a transaction. The secret is answered this once. Throws Refusal. */
export const addApplication = async (
  db: Db,
  actor: Actor,
  asked: NewApplication,
  now: Date,
): Promise<Application & { secret: string | null }> => {
  mustFit(actor, asked);
  const { held } = await db
    .selectFrom('clients')
    .select((is) => is.fn.countAll<number>().as('held'))
    .where('owner', '=', actor.id)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (held >= APPLICATIONS_EACH_MAX)
    throw new Refusal('conflict', `You registered ${held} applications already. End some first.`);
  const scopes = narrowScopes(actor.scopes, asked.scopes) ?? [];
  const keepsSecret = (asked.kind === 'web' || asked.kind === 'service') && !asked.jwks;
  const secret = keepsSecret ? newSecret('client') : null;
  const row: ClientsTable = {
    id: newId(),
    name_zh: asked.name.zh,
    name_en: asked.name.en,
    kind: asked.kind,
    secret_hash: secret === null ? null : hashSecret(secret),
    redirects: asked.redirects,
    logouts: asked.logouts,
    scopes: [...scopes],
    roles: asked.roles as Role[],
    jwks: asked.jwks ?? null,
    trusted: asked.trusted ?? false,
    sandbox: false,
    owner: actor.id,
    created_at: toInstant(now),
    ended_at: null,
  };
  await db
    .insertInto('clients')
    .values({ ...row, jwks: row.jwks === null ? null : JSON.stringify(row.jwks) })
    .execute();
  return { ...toApplication(row), secret };
};

/** An administrator sees all applications that are in use, others their own; newest first. */
export const listApplications = async (db: Db, actor: Actor): Promise<Application[]> => {
  const rows = await db
    .selectFrom('clients')
    .selectAll()
    .$if(!isAdministrator(actor), (own) => own.where('owner', '=', actor.id))
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(APPLICATIONS_LISTED_MAX)
    .execute();
  return rows.map(toApplication);
};

/** Gives an application a new secret, which ends the old one. Throws Refusal: 'not-found', 'conflict' where it has none. */
export const renewSecret = async (db: Db, actor: Actor, id: string): Promise<string> => {
  const secret = newSecret('client');
  const row = await db
    .updateTable('clients')
    .set({ secret_hash: hashSecret(secret) })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('secret_hash', 'is not', null)
    .$if(!isAdministrator(actor), (own) => own.where('owner', '=', actor.id))
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'You have no such application with a secret.');
  return secret;
};

/** Ends an application with all that it was given; call it in a transaction. Throws Refusal('not-found'). */
export const endApplication = async (
  db: Db,
  actor: Actor,
  id: string,
  now: Date,
): Promise<void> => {
  const row = await db
    .updateTable('clients')
    .set({ ended_at: toInstant(now) })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .$if(!isAdministrator(actor), (own) => own.where('owner', '=', actor.id))
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'You have no such application.');
  await sql`delete from identity.oidc_artifacts where client = ${id}`.execute(db);
};
