import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import { depthOf } from '../entity/projection.ts';
import { coreNames } from '../jsonld/compile.ts';
import { checkDepth, joinOf } from '../ngsi-ld/join.ts';
import { parseQ } from '../query/q.ts';
import type { Document } from './document.ts';
import { minorOf, projectionOfKept } from './draw.ts';
import { isMqtt, parseMqttUri, parseNotifierInfo } from './endpoint.ts';

type Endpoint = Document['notification']['endpoint'];

/** More often the city would be busy with telling rather than living. */
const INTERVAL_SECONDS_MIN = 1;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4000}$/;
/** Ours, or the connection's, to set. */
const HEADERS_KEPT = new Set(
  'host content-length content-type transfer-encoding connection upgrade link ngsild-tenant'.split(
    ' ',
  ),
);

const refuse = (why: string): never => {
  throw new Refusal('invalid', why);
};
const notYet = (what: string): never => {
  throw new Refusal('not-implemented', `${what} is not there yet.`);
};

const checkReceiverInfo = ({ receiverInfo = [] }: Endpoint) => {
  for (const { key, value } of receiverInfo) {
    if (!HEADER_NAME.test(key) || !HEADER_VALUE.test(value))
      refuse(`receiverInfo ${key.slice(0, 100)} is no HTTP header (clause 5.2.22).`);
    if (HEADERS_KEPT.has(key.toLowerCase())) refuse(`The header ${key} is ours to set.`);
  }
};

/** Clause 7.2. */
const checkMqtt = ({ uri, accept, notifierInfo }: Endpoint) => {
  const address = parseMqttUri(uri);
  if (typeof address === 'string') refuse(`endpoint.uri ${address} (clause 7.2).`);
  const settings = parseNotifierInfo(notifierInfo);
  if (typeof settings === 'string') refuse(`endpoint.notifierInfo: ${settings} (clause 7.2).`);
  if (accept === 'application/geo+json')
    refuse('By MQTT endpoint.accept is application/json or application/ld+json (Table 7.2-2).');
};

const checkEndpoint = (endpoint: Endpoint) => {
  const { uri } = endpoint;
  if (!URL.canParse(uri)) refuse('endpoint.uri must be a URI (clause 5.2.15).');
  if (isMqtt(uri)) return checkMqtt(endpoint);
  const { protocol, username, password } = new URL(uri);
  if (protocol !== 'http:' && protocol !== 'https:')
    refuse('endpoint.uri: notifications go to http, https, mqtt and mqtts (clause 5.2.15).');
  if (username || password)
    refuse('endpoint.uri carries no password; an Authorization header goes into receiverInfo.');
  checkReceiverInfo(endpoint);
};

const checkNotification = (notification: Document['notification']) => {
  const { attributes, pick, omit, join, joinLevel, showChanges, format } = notification;
  if (showChanges && (format === 'keyValues' || format === 'simplified'))
    refuse(`showChanges and format=${format} exclude each other (clause 5.2.14.1).`);
  if (attributes && (pick || omit))
    refuse('attributes stands for pick; the two do not go together (clause 5.2.14.1).');
  if (attributes?.some((name) => ['id', 'type', 'scope'].includes(name)))
    refuse('id, type and scope are no attributes; pick takes them (clause 5.2.14.1).');
  if (attributes?.some((name) => /[\s{},|]/.test(name)))
    refuse('attributes are names alone; pick goes into linked entities (clause 5.2.14.1).');
  const joined = joinOf({ join, joinLevel: joinLevel?.toString() });
  if (joinLevel !== undefined && !joined)
    refuse('joinLevel is for join=flat and join=inline alone (clause 5.2.14.1).');
  checkDepth(depthOf(projectionOfKept(notification)), joined, 'The projection');
  checkEndpoint(notification.endpoint);
};

const checkConformance = (version: string) => {
  if (minorOf(version) === undefined)
    refuse('ngsildConformance is a version of the standard: 1.3 to 1.9 (clause 4.3.6.8).');
};

/** What clause 5.2.12 asks beyond the shape. Throws Refusal('invalid'), or 'not-implemented' for what is not there yet. */
export const checkRules = (document: Document): void => {
  const { entities, watchedAttributes, timeInterval, throttling, localOnly } = document;
  if (!entities && !watchedAttributes && !localOnly)
    refuse('A subscription names entities or watchedAttributes (clause 5.2.12).');
  if (timeInterval !== undefined) {
    if (watchedAttributes || throttling !== undefined)
      refuse('timeInterval goes with neither watchedAttributes nor throttling (clause 5.2.12).');
    if (!entities && !localOnly) refuse('timeInterval needs entities (clause 5.2.12).');
    if (timeInterval < INTERVAL_SECONDS_MIN)
      refuse(`timeInterval is at least ${INTERVAL_SECONDS_MIN} s here.`);
  }
  if (document.csf !== undefined) parseQ(document.csf, coreNames);
  if (document.splitEntities && !localOnly) notYet('splitEntities');
  if (document.ngsildConformance !== undefined) checkConformance(document.ngsildConformance);
  if (document.temporalQ !== undefined)
    refuse('temporalQ is for subscriptions to registrations alone (clause 5.2.12).');
  checkNotification(document.notification);
};

/** An expiry lies ahead when it is set (clauses 5.8.1.4 and 5.8.2.4). */
export const checkExpiry = (expiresAt: unknown, now: Date): void => {
  if (expiresAt === undefined) return;
  const at = typeof expiresAt === 'string' ? parseInstant(expiresAt) : undefined;
  if (at === undefined) return refuse('expiresAt must be an ISO 8601 instant (clause 4.6.3).');
  if (at <= now.getTime()) refuse('expiresAt is in the past (clause 5.8.1.4).');
};
