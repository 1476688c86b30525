import type { Database, Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { type Clock, toInstant } from '#kernel/time';
import { coreNames } from '../../jsonld/compile.ts';
import { selectorOf } from '../../ngsi-ld/question-parameters.ts';
import { parseGeoQuestion } from '../../query/geo.ts';
import { parseScopes } from '../../query/scope.ts';
import { checkRules } from '../../subscriptions/check.ts';
import { addDeliveries, type NewDelivery } from '../../subscriptions/deliveries.ts';
import type { Document } from '../../subscriptions/document.ts';
import { shownUri } from '../../subscriptions/endpoint.ts';
import { FULL, type Kept } from '../../subscriptions/full-names.ts';
import type { Message } from '../../subscriptions/message.ts';
import type { Kind } from '../../subscriptions/subscriptions.ts';
import { parseInterval } from '../../temporal/interval.ts';
import { parseCsf } from './discovery.ts';
import { matchOf } from './match.ts';
import type { Match, Question, Registration } from './model.ts';
import { reduceToParts } from './present.ts';
import { listCompiled, takeTurn } from './rows.ts';

/** Clause 5.3.3: why a subscriber is told. */
export type Trigger = 'newlyMatching' | 'updated' | 'noLongerMatching';

type Subscribed = { readonly tenant: string; readonly id: string; readonly document: Kept };

/**
 * Which registrations a subscription is about (clauses 5.11.2.4 and 5.12). Attributes narrow it where both those
 * watched and those told are given. Throws Refusal('invalid').
 */
const questionOf = (kept: Kept, tenant: string, at: Date): Question => {
  const {
    entities,
    watchedAttributes = [],
    notification,
    geoQ,
    scopeQ,
    csf,
    temporalQ,
    terms = {},
  } = kept;
  const told = (notification.pick ?? notification.attributes ?? []).filter(
    (name) => !['id', 'type', 'scope'].includes(name),
  );
  const geo = parseGeoQuestion((geoQ ?? {}) as { georel?: string }, FULL.expand);
  return {
    tenant,
    atMs: at.getTime(),
    ...(entities
      ? {
          selectors: entities.map(({ type, id, idPattern }) =>
            selectorOf({ type, ids: typeof id === 'string' ? [id] : id, idPattern }, FULL),
          ),
        }
      : {}),
    ...(told.length > 0 && watchedAttributes.length > 0
      ? { attributes: [...new Set([...told, ...watchedAttributes])] }
      : {}),
    ...(kept.datasetId ? { datasets: kept.datasetId } : {}),
    ...(geo ? { geo } : {}),
    ...(scopeQ === undefined ? {} : { scopes: parseScopes(scopeQ) }),
    ...(temporalQ === undefined ? {} : { interval: parseInterval(temporalQ as object) }),
    ...(csf === undefined
      ? {}
      : {
          csf: parseCsf(csf, {
            ...coreNames,
            expand: (term) => terms[term] ?? coreNames.expand(term),
          }),
        }),
  };
};

const messageOf = (matches: readonly Match[], trigger: Trigger, at: Date): Message => {
  const now = toInstant(at);
  const registrations = matches.map(reduceToParts);
  return { at: now, notifiedAt: now, entities: [], sources: { trigger, registrations } };
};

const toDelivery = async (
  sql: Sql,
  { tenant, id, document }: Subscribed,
  message: Message,
): Promise<NewDelivery> => {
  const { rows } = await sql.query<{ seq: number }>(
    "select nextval('context.registration_notices') as seq",
  );
  const endpoint = shownUri(document.notification.endpoint.uri);
  return { tenant, subscription: id, seq: Number(rows[0]!.seq), endpoint, message };
};

const ACTIVE = `select tenant, id, document from context.subscriptions
  where kind = 'registrations' and tenant = $1 and document -> 'timeInterval' is null
    and coalesce((document -> 'isActive')::boolean, true) and (expires_at is null or expires_at > $2)`;

const triggerOf = (was: Match | undefined, is: Match | undefined): Trigger | undefined => {
  if (is) return was ? 'updated' : 'newlyMatching';
  return was ? 'noLongerMatching' : undefined;
};

/** Clause 5.11.7: writes down, in the transaction of the change, who is to be told of it. */
export const tellChange = async (
  sql: Sql,
  { before, after, at }: { before?: Registration; after?: Registration; at: Date },
): Promise<void> => {
  const { rows } = await sql.query<Subscribed>(ACTIVE, [(before ?? after)!.tenant, toInstant(at)]);
  const deliveries: NewDelivery[] = [];
  for (const subscribed of rows) {
    const question = questionOf(subscribed.document, subscribed.tenant, at);
    // One whose time is over did match until now.
    const was = before && matchOf({ ...before, untilMs: Infinity }, question, true);
    const is = after && matchOf(after, question, true);
    const trigger = triggerOf(was, is);
    if (trigger)
      deliveries.push(await toDelivery(sql, subscribed, messageOf([(is ?? was)!], trigger, at)));
  }
  if (deliveries.length > 0) await addDeliveries(sql, deliveries);
};

/** All that match now, undefined where none does. */
const messageNow = (
  registrations: readonly Registration[],
  document: Kept,
  tenant: string,
  at: Date,
): Message | undefined => {
  const question = questionOf(document, tenant, at);
  const matches = registrations.flatMap((one) => matchOf(one, question, true) ?? []);
  return matches.length > 0 ? messageOf(matches, 'newlyMatching', at) : undefined;
};

/** What a subscription with a timeInterval is told when its time has come (clause 5.11.7). */
export const openSourcesNow =
  (database: Database, clock: Clock) =>
  (document: Kept, tenant: string): Promise<Message | undefined> =>
    database.transaction(async ({ sql }) =>
      messageNow(await listCompiled(sql, tenant), document, tenant, clock.now()),
    );

const check = ({ csf: _csf, temporalQ: _temporalQ, ...document }: Document): void => {
  if (document.notificationTrigger)
    throw new Refusal('invalid', 'notificationTrigger is about entities (clause 5.2.12).');
  if (document.notification.endpoint.accept === 'application/geo+json')
    throw new Refusal('invalid', 'Registrations are not given as GeoJSON (clause 5.2.15).');
  checkRules(document);
};

/** Subscriptions to registrations (clause 5.11): told of what matches at once, then of each change. */
export const ofRegistrations = (clock: Clock): Kind => ({
  name: 'registrations',
  check,
  checkKept: (kept, { tenant }) => questionOf(kept, tenant, clock.now()),
  written: async (sql, { tenant, id, document }) => {
    if (document.isActive === false) return;
    await takeTurn(sql);
    const message = messageNow(await listCompiled(sql, tenant), document, tenant, clock.now());
    if (message)
      await addDeliveries(sql, [await toDelivery(sql, { tenant, id, document }, message)]);
  },
});
