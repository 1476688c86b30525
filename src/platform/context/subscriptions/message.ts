import type { ReadLinked } from '../entity/linked.ts';
import { presentNoticed } from '../federation/registrations/present.ts';
import { linkOf } from '../jsonld/address.ts';
import { coreNames, type Names } from '../jsonld/compile.ts';
import { CORE_CONTEXT } from '../jsonld/core-context.ts';
import type { Attributes, Entity } from '../model.ts';
import { drawEntities } from './draw.ts';
import type { Kept } from './full-names.ts';

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

type Sent = {
  readonly id: string;
  readonly subscription: string;
  readonly tenant: string;
  readonly message: Message;
};

const CONTEXT_REL = 'http://www.w3.org/ns/json-ld#context';

/** A notification (clause 5.3.1), or one of registrations (clause 5.3.2), before it is put into the words of a protocol. */
const contentOf = async (
  { id, subscription, message }: Sent,
  kept: Kept,
  given: Names,
  read: ReadLinked,
) => {
  const { accept = 'application/json', receiverInfo = [] } = kept.notification.endpoint;
  // What no header can name is not compacted by.
  const names = accept === 'application/json' && !linkOf(given.shown) ? coreNames : given;
  const { sources } = message;
  const isGeo = accept === 'application/geo+json' && !sources;
  const inBody = !receiverInfo.some(
    ({ key, value }) => key.toLowerCase() === 'prefer' && value === 'body=json',
  );
  const context = accept !== 'application/json' && inBody ? names.context : undefined;
  const withContext = <T extends object>(json: T) =>
    context === undefined ? json : { ...json, '@context': context };
  const told = sources
    ? sources.registrations.map((one) => presentNoticed(one, names))
    : await drawEntities(message, kept, { names, isGeo, read });
  const head = {
    id,
    type: sources ? 'ContextSourceNotification' : 'Notification',
    subscriptionId: subscription,
    notifiedAt: message.notifiedAt,
    ...(sources ? { triggerReason: sources.trigger } : {}),
  };
  return {
    accept,
    receiverInfo,
    content: isGeo
      ? { ...head, data: withContext({ type: 'FeatureCollection', features: told }) }
      : withContext({ ...head, data: told.map(withContext) }),
    ...(context === undefined
      ? {
          link: `<${linkOf(names.shown) ?? CORE_CONTEXT}>; rel="${CONTEXT_REL}"; type="application/ld+json"`,
        }
      : {}),
  };
};

/** By HTTP (clauses 6.3.4–6.3.5): what tells how to read it stands in headers. */
export const toNotification = async (
  sent: Sent,
  kept: Kept,
  names: Names,
  read: ReadLinked,
): Promise<{ body: string; headers: Record<string, string> }> => {
  const { accept, receiverInfo, content, link } = await contentOf(sent, kept, names, read);
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
export const toMqttMessage = async (
  sent: Sent,
  kept: Kept,
  names: Names,
  read: ReadLinked,
): Promise<string> => {
  const { accept, receiverInfo, content, link } = await contentOf(sent, kept, names, read);
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
