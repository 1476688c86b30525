import { coreNames, type Names } from '../jsonld/compile.ts';
import { NGSI_LD_NULL } from '../model.ts';
import { parseQ } from '../query/q.ts';
import type { Document } from './document.ts';

/**
 * A subscription as it is kept: names in full. Only `q` stays as it was written, with the full names of its terms
 * beside it, so that it means the same whatever becomes of the context it was written in.
 */
export type Kept = Document & { readonly terms?: Readonly<Record<string, string>> };

const TYPE_NAME = /[^\s();,|*]+/g;
/** A name in the attribute projection language (clause 4.21). */
const MEMBER_NAME = /[^\s{},|]+/g;
/** Members of an entity that are picked and omitted by these very names (clause 4.21). */
const OWN_MEMBERS = new Set(['id', 'type', 'scope']);

const isObject = (json: unknown): boolean => typeof json === 'object' && json !== null;

const inLists = <D extends Partial<Document>>(document: D, rename: (name: string) => string): D => {
  const member = (name: string) => (OWN_MEMBERS.has(name) ? name : rename(name));
  const list = (names: unknown) =>
    Array.isArray(names)
      ? names.map((name: string) => name.replace(MEMBER_NAME, member))
      : undefined;
  const set = (members: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  const { entities, watchedAttributes, notification, geoQ } = document;
  return {
    ...document,
    ...set({
      entities: Array.isArray(entities)
        ? entities.map((one) => ({ ...one, type: one.type.replace(TYPE_NAME, rename) }))
        : undefined,
      watchedAttributes: list(watchedAttributes),
      geoQ:
        geoQ && isObject(geoQ)
          ? { ...geoQ, geoproperty: rename(geoQ.geoproperty ?? 'location') }
          : undefined,
      notification:
        notification && isObject(notification)
          ? {
              ...notification,
              ...set({
                attributes: list(notification.attributes),
                pick: list(notification.pick),
                omit: list(notification.omit),
              }),
            }
          : undefined,
    }),
  };
};

/** The names of `q` under this context. Throws Refusal('invalid') where it is none. */
const termsOf = (q: string, expandValues: string | undefined, names: Names) => {
  const terms: Record<string, string> = {};
  parseQ(q, {
    expand: (term) => (terms[term] = names.expand(term)),
    links: true,
    ...(expandValues ? { expandValues: new Set(expandValues.split(',')) } : {}),
  });
  return terms;
};

export const toFullNames = (document: Document, names: Names): Kept => {
  const { q, expandValues } = document;
  return {
    ...inLists(document, names.expand),
    ...(q === undefined ? {} : { terms: termsOf(q, expandValues, names) }),
  };
};

/** A part of a subscription, checked as part of the whole; what asks for removal stays as it is (clause 5.5.8). */
export const patchToFullNames = (
  patch: Record<string, unknown>,
  names: Names,
): Record<string, unknown> => {
  const { q, expandValues } = patch as Partial<Document>;
  const renamed = inLists(patch as Partial<Document>, names.expand);
  if (q === undefined) return renamed;
  const asks = typeof q === 'string' && q !== NGSI_LD_NULL;
  return { ...renamed, terms: asks ? termsOf(q, expandValues, names) : null };
};

export const toShortNames = ({ terms: _own, ...kept }: Kept, names: Names): Document =>
  inLists(kept, names.compact);

/** Names that are full already. */
export const FULL: Names = { ...coreNames, expand: (name) => name };
