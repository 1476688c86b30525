import {
  presentEntity,
  presentFeature,
  type Presentation,
  type Representation,
} from '../entity/present.ts';
import type { Names } from '../jsonld/compile.ts';
import { CORE_CONTEXT } from '../jsonld/core-context.ts';
import { type Entity, NGSI_LD_NULL } from '../model.ts';
import { openDatasets } from '../ngsi-ld/question-parameters.ts';
import type { Kept } from './full-names.ts';

/** What a notification tells, in full names, as it is kept until it is delivered. */
export type Message = {
  /** When it happened, and when we turned to telling it. */
  readonly at: string;
  readonly notifiedAt: string;
  readonly entities: readonly Entity[];
  /** Attributes that the entity has lost. */
  readonly removed?: readonly string[];
  readonly deleted?: boolean;
};

type Json = Record<string, unknown>;
export type Told = {
  readonly id: string;
  readonly subscription: string;
  readonly tenant: string;
  readonly message: Message;
};

const CONTEXT_REL = 'http://www.w3.org/ns/json-ld#context';
const OWN_MEMBERS = ['id', 'type', 'scope'];
const REPRESENTATION: Readonly<Record<string, Representation>> = {
  normalized: 'normalized',
  concise: 'concise',
  simplified: 'simplified',
  keyValues: 'simplified',
};

const presentationOf = ({ notification, lang }: Kept, names: Names): Presentation => {
  const { format = 'normalized', sysAttrs, omit } = notification;
  const only = notification.pick ?? notification.attributes;
  return {
    names,
    as: REPRESENTATION[format]!,
    sysAttrs: sysAttrs ?? false,
    ...(only ? { only: new Set(only) } : {}),
    ...(omit ? { without: new Set(omit) } : {}),
    ...(lang ? { lang } : {}),
  };
};

/** Clause 4.21: id, type and scope are picked and omitted like attributes. */
const withOwnMembers = (entity: Json, { pick, omit }: Kept['notification']): Json =>
  Object.fromEntries(
    Object.entries(entity).filter(
      ([member]) =>
        !OWN_MEMBERS.includes(member) ||
        ((!pick || pick.includes(member)) && !omit?.includes(member)),
    ),
  );

/** Clause 5.8.6: of a deleted entity only deletedAt is told, of a deleted attribute that it is null. */
const dataOf = (message: Message, kept: Kept, p: Presentation): Json[] => {
  const { names, only, without } = p;
  const ofDatasets = openDatasets(kept.datasetId?.join(','));
  const removed = (message.removed ?? []).filter(
    (name) => (!only || only.has(name)) && !without?.has(name),
  );
  return message.entities.map((entity) =>
    withOwnMembers(
      {
        ...presentEntity(ofDatasets(entity), p),
        ...(message.deleted ? { deletedAt: message.at } : {}),
        ...Object.fromEntries(removed.map((name) => [names.compact(name), NGSI_LD_NULL])),
      },
      kept.notification,
    ),
  );
};

const contextShown = ({ shown }: Names): unknown => {
  if (shown === undefined) return CORE_CONTEXT;
  return [...(Array.isArray(shown) ? shown : [shown]), CORE_CONTEXT];
};

/** The body and headers of a notification (clauses 5.3.1, 5.8.6 and 6.3.4–6.3.5), the same at every attempt. */
export const toNotification = (
  { id, subscription, tenant, message }: Told,
  kept: Kept,
  names: Names,
): { body: string; headers: Record<string, string> } => {
  const { accept = 'application/json', receiverInfo = [] } = kept.notification.endpoint;
  const p = presentationOf(kept, names);
  const inBody = !receiverInfo.some(
    ({ key, value }) => key.toLowerCase() === 'prefer' && value === 'body=json',
  );
  const context = accept !== 'application/json' && inBody ? contextShown(names) : undefined;
  const data =
    accept === 'application/geo+json'
      ? {
          type: 'FeatureCollection',
          features: message.entities.map((entity, n) => {
            const { id: featureId, ...properties } = dataOf(message, kept, p)[n]!;
            const { geometry } = presentFeature(entity, p);
            return { id: featureId, type: 'Feature', geometry, properties };
          }),
          ...(context ? { '@context': context } : {}),
        }
      : dataOf(message, kept, p);
  const body = JSON.stringify({
    id,
    type: 'Notification',
    subscriptionId: subscription,
    notifiedAt: message.notifiedAt,
    data,
    ...(context && accept === 'application/ld+json' ? { '@context': context } : {}),
  });
  const link = typeof names.shown === 'string' ? names.shown : CORE_CONTEXT;
  return {
    body,
    headers: {
      'content-type': accept,
      'content-length': String(Buffer.byteLength(body)),
      ...(context ? {} : { link: `<${link}>; rel="${CONTEXT_REL}"; type="application/ld+json"` }),
      ...(tenant ? { 'ngsild-tenant': tenant } : {}),
      ...Object.fromEntries(receiverInfo.map(({ key, value }) => [key, value])),
    },
  };
};
