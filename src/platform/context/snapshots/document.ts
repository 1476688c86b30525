import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { parseDurationMs } from '#kernel/time';
import { checkIds } from '../ngsi-ld/question-parameters.ts';
import { type QueryBody, readQueryBody } from '../ngsi-ld/query-body.ts';

/** What one snapshot asks for, at most. */
const QUERIES_MAX = 10;
const LIFETIME_MS_DEFAULT = 86_400_000;
const LIFETIME_MS_MAX = 7 * 86_400_000;
export const PRIORITY_DEFAULT = 5;
const RECEIVER_PAIRS_MAX = 50;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4000}$/;
const HEADERS_KEPT = new Set([
  'host',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
]);

const Queries = Type.Optional(Type.Array(Type.Unknown(), { minItems: 1, maxItems: QUERIES_MAX }));

/** Table 5.2.41-1. */
const Document = Type.Object(
  {
    snapshotQueries: Queries,
    snapshotTemporalQueries: Queries,
    snapshotLifetime: Type.Optional(Type.String()),
    snapshotPriority: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    endpoint: Type.Optional(Type.String({ maxLength: 2_000 })),
    receiverInfo: Type.Optional(
      Type.Array(
        Type.Object({ key: Type.String(), value: Type.String() }, { additionalProperties: false }),
        { maxItems: RECEIVER_PAIRS_MAX },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Document = Static<typeof Document>;

/** Table 5.2.41-2: ignored where clients send them. */
export const OUTPUT_MEMBERS = [
  'snapshotStatus',
  'snapshotQueriesDetails',
  'snapshotTemporalQueriesDetails',
  'createdAt',
  'modifiedAt',
  'expiresAt',
  'lastUsedAt',
] as const;
export const INPUT_MEMBERS = Object.keys(Document.properties);

const refuse = (why: string): never => {
  throw new Refusal('invalid', `${why} (clause 5.2.41).`);
};

/** How long it is to be kept, in milliseconds, within our limit. Throws Refusal('invalid'). */
export const lifetimeOf = ({ snapshotLifetime }: Document): number => {
  if (snapshotLifetime === undefined) return LIFETIME_MS_DEFAULT;
  const ms = parseDurationMs(snapshotLifetime);
  if (!ms) return refuse('snapshotLifetime is a duration such as P1D');
  return Math.min(ms, LIFETIME_MS_MAX);
};

const checkEndpoint = ({ endpoint, receiverInfo = [] }: Document): void => {
  if (
    endpoint !== undefined &&
    !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))
  )
    refuse('endpoint is an http or https address');
  for (const { key, value } of receiverInfo)
    if (!HEADER_NAME.test(key) || !HEADER_VALUE.test(value) || HEADERS_KEPT.has(key.toLowerCase()))
      refuse(`receiverInfo cannot set ${key}`);
};

/** The query at this place of a list, checked. Throws Refusal('invalid'). */
const checkQuery = (query: unknown, temporal: boolean): void => {
  const { temporalQ, aggrParams }: QueryBody = readQueryBody(query);
  if (temporal && !temporalQ) refuse('A temporal query has a temporalQ');
  if (!temporal && (temporalQ || aggrParams)) refuse('snapshotQueries have no temporalQ');
};

/** A snapshot, or a part of one, as a client sends it, without what is not for clients to say. Throws Refusal('invalid'). */
export const readDocument = (body: unknown): { id?: string; document: Document } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return refuse('A snapshot is a JSON object');
  const { id, type, '@context': _context, ...rest } = body as Record<string, unknown>;
  if (type !== undefined && type !== 'Snapshot') refuse('type is Snapshot');
  if (id !== undefined && typeof id !== 'string') return refuse('id is a URI');
  const [checked] = id === undefined ? [] : checkIds([id]);
  const document = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !(OUTPUT_MEMBERS as readonly string[]).includes(name)),
  );
  if (!Value.Check(Document, document)) {
    const [first] = Value.Errors(Document, document);
    return refuse(`The snapshot${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`);
  }
  for (const query of document.snapshotQueries ?? []) checkQuery(query, false);
  for (const query of document.snapshotTemporalQueries ?? []) checkQuery(query, true);
  lifetimeOf(document);
  checkEndpoint(document);
  return { ...(checked === undefined ? {} : { id: checked }), document };
};
