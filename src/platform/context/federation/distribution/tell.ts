import type { Contexts } from '../../jsonld/contexts.ts';
import { entityIdOf, type Operation } from '../../operations.ts';
import type { Names } from '../../jsonld/compile.ts';
import type { Registration } from '../registrations/model.ts';
import type { Journey } from './journey.ts';
import { infoOf } from './send.ts';
import { openTranslation, type Translation } from './translate.ts';

/** An operation, and of what it writes that which a source offers; absent: all of it. */
export type Told = {
  readonly operation: Operation;
  readonly attributes: readonly string[] | undefined;
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** What stands in an entity beside its attributes. */
const OWN = new Set(['id', 'type', 'scope', 'expiresAt', '@context', '@id', '@type']);

/** An entity as it was sent, with those attributes alone that a source offers (clause 4.3.6.3). */
const reduce = (
  json: unknown,
  names: Names,
  attributes: readonly string[] | undefined,
): unknown => {
  if (!attributes || !isObject(json)) return json;
  const offered = new Set(attributes);
  return Object.fromEntries(
    Object.entries(json).filter(([member]) => OWN.has(member) || offered.has(names.expand(member))),
  );
};

const idOf = (item: unknown): unknown => (isObject(item) ? (item['id'] ?? item['@id']) : item);

/** The path of one attribute, which is a name too (clause 4.3.6.6). */
const ATTRIBUTE_PATH = /^((?:\/temporal)?\/entities\/[^/]+\/attrs\/)([^/]+)(.*)$/;
const translatePath = (path: string, { name }: Translation): string => {
  const [, before, attribute, after] = ATTRIBUTE_PATH.exec(path) ?? [];
  return attribute === undefined
    ? path
    : `${before}${encodeURIComponent(name(decodeURIComponent(attribute)))}${after}`;
};

/** The request as a source is told it: what came, less what is not the source's, in the names that it registered. */
export const bodyFor = async (
  registration: Registration,
  journey: Journey,
  told: readonly (Told | Pick<Told, 'attributes'>)[],
  contexts: Contexts,
): Promise<{ path: string; body?: unknown }> => {
  const names = await journey.names();
  const own = infoOf(registration, 'jsonldContext');
  const translation =
    own === undefined ? undefined : openTranslation(names, await contexts.namesOf(own));
  const path = translation ? translatePath(journey.path, translation) : journey.path;
  const { body } = journey;
  if (body === undefined || body === null || told.length === 0) return { path };
  const ofAttribute = ATTRIBUTE_PATH.test(journey.path);
  if (ofAttribute) return { path, body: translation ? translation.attribute(body) : body };
  if (!Array.isArray(body)) {
    const reduced = reduce(body, names, told[0]!.attributes);
    return { path, body: translation ? translation.entity(reduced) : reduced };
  }
  const items: unknown[] = [];
  const taken = new Set<number>();
  for (const { attributes, ...one } of told) {
    if (!('operation' in one)) continue;
    const id = entityIdOf(one.operation);
    const at = body.findIndex((item, n) => !taken.has(n) && idOf(item) === id);
    if (at < 0) continue;
    taken.add(at);
    items.push(await reduceItem(body[at], attributes, names, contexts));
  }
  return { path, body: translation ? translation.entity(items) : items };
};

/** In a batch each item may bring its own context (clause 6.14). */
const reduceItem = async (
  item: unknown,
  attributes: readonly string[] | undefined,
  names: Names,
  contexts: Contexts,
): Promise<unknown> => {
  if (!isObject(item) || !attributes) return item;
  const own = item['@context'];
  return reduce(item, own === undefined ? names : await contexts.namesOf(own), attributes);
};
