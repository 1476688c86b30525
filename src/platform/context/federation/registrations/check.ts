import { Refusal } from '#kernel/errors';
import { parseDurationMs, parseInstant } from '#kernel/time';
import { checkGeometry } from '../../geo/geometry.ts';
import { isIri } from '../../jsonld/compile.ts';
import { parsePattern } from '../../query/pattern.ts';
import type { Document } from './document.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z:-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4000}$/;
/** RFC 7230, section 5.7.1: a pseudonym, or a host with its port. */
const ALIAS = /^[!#$%&'*+.^_`|~0-9A-Za-z:-]{1,200}$/;
const TENANT = /^[A-Za-z0-9_-]{1,64}$/;
const SCOPE = /^\/?[\p{L}_][\p{L}\p{N}_-]*(?:\/[\p{L}_][\p{L}\p{N}_-]*)*$/u;
const VERSION = /^\d+\.\d+$/;
const MEDIA = ['application/json', 'application/ld+json'];
const AUXILIARY = ['retrieveOps', 'retrieveEntity', 'queryEntity'];

const refuse = (why: string): never => {
  throw new Refusal('invalid', why);
};
const isWeb = (url: string): boolean =>
  URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);

const checkEndpoint = (endpoint: string) => {
  if (!isWeb(endpoint)) return refuse('endpoint is an http or https address (clause 5.2.9).');
  const { username, password, search, hash } = new URL(endpoint);
  if (username || password)
    refuse('endpoint carries no password; an Authorization header goes into contextSourceInfo.');
  if (search || hash) refuse('endpoint is an address without ? and # (clause 5.2.9).');
};

/** Clause 4.3.6.6: four keys have a meaning of their own, the rest are headers to send. */
const checkInfo = (pairs: NonNullable<Document['contextSourceInfo']>) => {
  const keys = new Set<string>();
  for (const { key, value } of pairs) {
    if (keys.has(key)) refuse(`contextSourceInfo names ${key.slice(0, 100)} twice.`);
    keys.add(key);
    if (!HEADER_NAME.test(key) || !HEADER_VALUE.test(value))
      refuse(`contextSourceInfo ${key.slice(0, 100)} is no HTTP header (clause 4.3.6.6).`);
    if ((key === 'accept' || key === 'contentType') && !MEDIA.includes(value))
      refuse(`contextSourceInfo ${key} is ${MEDIA.join(' or ')} (clause 4.3.6.6).`);
    if (key === 'jsonldContext' && !isWeb(value))
      refuse('contextSourceInfo jsonldContext is the address of a context (clause 4.3.6.6).');
    if (key === 'ngsildConformance' && !VERSION.test(value))
      refuse('contextSourceInfo ngsildConformance is a version such as 1.6 (clause 4.3.6.6).');
  }
};

const checkInterval = (interval: Document['observationInterval'], what: string) => {
  if (!interval) return;
  const from = parseInstant(interval.startAt);
  const to = interval.endAt === undefined ? Infinity : parseInstant(interval.endAt);
  if (from === undefined || to === undefined)
    return refuse(`${what} is made of ISO 8601 instants (clause 5.2.11).`);
  if (to < from) refuse(`${what} ends before it starts (clause 5.2.11).`);
};

const checkDuration = (duration: string | undefined, what: string) => {
  if (duration !== undefined && parseDurationMs(duration) === undefined)
    refuse(`${what} is an ISO 8601 duration such as PT5M (clause 5.2.9).`);
};

const checkEntities = ({ information, mode }: Document) => {
  for (const { entities, propertyNames, relationshipNames } of information) {
    for (const { id, idPattern } of entities ?? []) {
      if (id !== undefined && !isIri(id)) refuse(`${id} is not a URI (clause 5.2.8).`);
      if (idPattern !== undefined) parsePattern(idPattern);
    }
    if (mode !== 'exclusive') continue;
    if (!entities?.length || entities.some(({ id }) => id === undefined))
      refuse('An exclusive registration names its entities by id (clause 4.3.6.3).');
    if (!propertyNames && !relationshipNames)
      refuse('An exclusive registration names its attributes (clause 4.3.6.3).');
  }
};

/** What clauses 5.2.9 and 5.9.2.4 ask beyond the shape. Throws Refusal('invalid'). */
export const checkRules = (document: Document): void => {
  const { mode, operations, datasetId, scope, tenant, contextSourceAlias: alias } = document;
  checkEndpoint(document.endpoint);
  checkEntities(document);
  if (document.contextSourceInfo) checkInfo(document.contextSourceInfo);
  if (mode === 'auxiliary' && operations?.some((name) => !AUXILIARY.includes(name)))
    refuse(`An auxiliary source offers ${AUXILIARY.join(', ')} alone (clause 5.9.2.4).`);
  for (const dataset of datasetId ?? [])
    if (dataset !== '@none' && !isIri(dataset))
      refuse(`datasetId ${dataset} is not a URI (clause 5.2.9).`);
  for (const one of [scope ?? []].flat())
    if (!SCOPE.test(one)) refuse('A scope is a path such as /Ningbo/Beilun (clause 4.18).');
  if (tenant !== undefined && !TENANT.test(tenant))
    refuse('tenant is a name of letters, digits, _ and - (clause 4.14).');
  if (alias !== undefined && !ALIAS.test(alias))
    refuse('contextSourceAlias is a name as it stands in Via (clause 5.2.9, RFC 7230).');
  for (const place of ['location', 'observationSpace', 'operationSpace'] as const)
    if (document[place] !== undefined) checkGeometry(document[place]);
  checkInterval(document.observationInterval, 'observationInterval');
  checkInterval(document.managementInterval, 'managementInterval');
  checkDuration(document.management?.cacheDuration, 'management.cacheDuration');
  checkDuration(document.refreshRate, 'refreshRate');
};
