import { presentNoticed } from '../federation/registrations/present.ts';
import {
  presentEntity,
  presentFeature,
  type Presentation,
  type Representation,
} from '../entity/present.ts';
import { coreNames, type Names } from '../jsonld/compile.ts';
import { CORE_CONTEXT, CORE_CONTEXT_URL } from '../jsonld/core-context.ts';
import type { Attributes, Entity } from '../model.ts';
import { openDatasets } from '../ngsi-ld/question-parameters.ts';
import type { Kept } from './full-names.ts';
import { withPrevious } from './previous.ts';

/** What a notification tells, in full names, as it is kept until it is delivered. */
export type Message = {
  /** When it happened, and when we turned to telling it. */
  readonly at: string;
  readonly notifiedAt: string;
  readonly entities: readonly Entity[];
  /** Of a single entity: instances of changed attributes as they were. */
  readonly previous?: Attributes;
  readonly deleted?: boolean;
  /** Of registrations rather than entities (clause 5.3.2). */
  readonly sources?: {
    readonly trigger: 'newlyMatching' | 'updated' | 'noLongerMatching';
    readonly registrations: readonly Parameters<typeof presentNoticed>[0][];
  };
};

type Json = Record<string, unknown>;
type Sent = {
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

/** Clause 5.8.6: the entities as this subscriber wants them. */
const dataOf = (message: Message, kept: Kept, p: Presentation): Json[] => {
  const ofDatasets = openDatasets(kept.datasetId?.join(','));
  const telling = {
    names: p.names,
    at: message.at,
    form: p.as,
    sysAttrs: p.sysAttrs ?? false,
    showsChanges: kept.notification.showChanges ?? false,
  };
  const { previous } = message;
  return message.entities.map((entity) =>
    withOwnMembers(
      {
        ...presentEntity(
          ofDatasets(previous ? withPrevious(entity, previous, telling) : entity),
          p,
        ),
        ...(message.deleted ? { deletedAt: message.at } : {}),
      },
      kept.notification,
    ),
  );
};

/** What stands as @context beside data in these names. */
const contextShown = ({ shown }: Names): unknown => {
  if (shown === undefined) return CORE_CONTEXT;
  return [...(Array.isArray(shown) ? shown : [shown]), CORE_CONTEXT];
};

/** The one address that a Link header may name, where there is one. */
const linkOf = ({ shown }: Names): string | undefined => {
  if (shown === undefined) return CORE_CONTEXT;
  const parts = (Array.isArray(shown) ? shown : [shown]).filter(
    (part) => typeof part !== 'string' || !CORE_CONTEXT_URL.test(part),
  );
  const [only] = parts;
  return parts.length === 1 && typeof only === 'string' ? only : undefined;
};

/** A notification (clause 5.3.1), the same at every attempt, before it is put into the words of a protocol. */
const contentOf = ({ id, subscription, message }: Sent, kept: Kept, given: Names) => {
  const { accept = 'application/json', receiverInfo = [] } = kept.notification.endpoint;
  // What no header can name is not compacted by.
  const names = accept === 'application/json' && !linkOf(given) ? coreNames : given;
  const p = presentationOf(kept, names);
  const inBody = !receiverInfo.some(
    ({ key, value }) => key.toLowerCase() === 'prefer' && value === 'body=json',
  );
  const context = accept !== 'application/json' && inBody ? contextShown(names) : undefined;
  const { sources } = message;
  const entities = sources
    ? sources.registrations.map((one) => presentNoticed(one, names))
    : dataOf(message, kept, p);
  const isLd = context !== undefined && accept === 'application/ld+json';
  const data =
    accept === 'application/geo+json' && !sources
      ? {
          type: 'FeatureCollection',
          features: message.entities.map((entity, n) => {
            const { id: featureId, ...properties } = entities[n]!;
            const { geometry } = presentFeature(entity, p);
            return { id: featureId, type: 'Feature', geometry, properties };
          }),
          ...(context ? { '@context': context } : {}),
        }
      : isLd
        ? entities.map((entity) => ({ ...entity, '@context': context }))
        : entities;
  return {
    accept,
    receiverInfo,
    content: {
      id,
      type: sources ? 'ContextSourceNotification' : 'Notification',
      subscriptionId: subscription,
      notifiedAt: message.notifiedAt,
      ...(sources ? { triggerReason: sources.trigger } : {}),
      data,
      ...(isLd ? { '@context': context } : {}),
    },
    ...(context
      ? {}
      : {
          link: `<${linkOf(names) ?? CORE_CONTEXT}>; rel="${CONTEXT_REL}"; type="application/ld+json"`,
        }),
  };
};

/** By HTTP (clauses 6.3.4–6.3.5): what tells how to read it stands in headers. */
export const toNotification = (
  sent: Sent,
  kept: Kept,
  names: Names,
): { body: string; headers: Record<string, string> } => {
  const { accept, receiverInfo, content, link } = contentOf(sent, kept, names);
  const body = JSON.stringify(content);
  return {
    body,
    headers: {
      'content-type': accept,
      'content-length': String(Buffer.byteLength(body)),
      ...(link ? { link } : {}),
      ...(sent.tenant ? { 'ngsild-tenant': sent.tenant } : {}),
      ...Object.fromEntries(receiverInfo.map(({ key, value }) => [key, value])),
    },
  };
};

/** By MQTT (clause 7.2): it stands in the message beside the notification. */
export const toMqttMessage = (sent: Sent, kept: Kept, names: Names): string => {
  const { accept, receiverInfo, content, link } = contentOf(sent, kept, names);
  return JSON.stringify({
    metadata: {
      ...Object.fromEntries(receiverInfo.map(({ key, value }) => [key, value])),
      'Content-Type': accept,
      ...(link ? { Link: link } : {}),
      ...(sent.tenant ? { 'NGSILD-Tenant': sent.tenant } : {}),
    },
    body: content,
  });
};
