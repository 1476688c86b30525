import { STATUS_CODES } from 'node:http';
import type { Egress, EgressRequest } from '#kernel/egress';
import { toRefusal } from '#kernel/errors';
import { linkOf } from '../../jsonld/address.ts';
import { CORE_CONTEXT } from '../../jsonld/core-context.ts';
import { searchOf } from '../../ngsi-ld/search-of.ts';
import type { Registration } from '../registrations/model.ts';
import type { HealthBook } from './health-book.ts';
import type { Journey } from './journey.ts';

const TIMEOUT_MS = 5_000;
const TIMEOUT_MS_MAX = 30_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** Requests under way to all sources together: a city of slow neighbours must not fill our memory. */
const UNDER_WAY_MAX = 256;
/** After so many failures in a row a source is left alone for a while, so that one dead platform delays nobody. */
const FAILURES_MAX = 3;
const COOLDOWN_MS = 10_000;

/** Keys of contextSourceInfo that are about the exchange; others are headers to send (clauses 4.3.6.5 and 4.3.6.6). */
const ABOUT = new Set(['accept', 'contenttype', 'jsonldcontext', 'ngsildconformance']);
/** Ours to say, of the connection alone, or the caller's secret with us (RFC 9110, clause 7.6.1). */
const OWN = new Set([
  'cookie',
  'ngsild-tenant',
  'content-type',
  'accept',
  'link',
  'keep-alive',
  'te',
  'expect',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'via',
  'upgrade',
]);
/** Stands for the header of the same name of the request (clause 4.3.6.5). */
const AS_ASKED = 'urn:ngsi-ld:request';

export type Call = {
  readonly method: NonNullable<EgressRequest['method']>;
  /** Below `/ngsi-ld/v1`. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  /** Of the body and the names in the query; that of the request where there is none. */
  readonly context?: string;
};

export type Answer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly json: unknown;
      /** Whether the source has further pages. */
      readonly more: boolean;
      /** What the source itself warns of, from further on. */
      readonly warnings: readonly string[];
    }
  /** Nothing came in time, nobody is there, or something that is no NGSI-LD. */
  | { readonly kind: 'timeout' | 'unreachable' | 'invalid'; readonly detail: string };

export const infoOf = ({ contextSourceInfo }: Registration, key: string): string | undefined =>
  contextSourceInfo.find((pair) => pair.key.toLowerCase() === key.toLowerCase())?.value;

const hasContext = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  ('@context' in json || (Array.isArray(json) && json.some(hasContext)));

/** There are further pages (clause 6.3.10). */
const NEXT = /rel="?next"?/;
const LD_JSON = 'application/ld+json';
const LINK_TARGET = /<([^>]*)>/;

/** The body in the format registered: its context within, or beside it (clause 4.3.6.6). */
const inFormat = (registration: Registration, { body, context }: Call, journey: Journey) => {
  const wanted = infoOf(registration, 'contentType');
  if (context !== undefined || wanted === undefined || Array.isArray(body)) return { body };
  if (typeof body !== 'object' || body === null) return { body };
  const { '@context': within, ...rest } = body as { '@context'?: unknown };
  if (wanted === LD_JSON) {
    const [, link] = LINK_TARGET.exec(String(journey.headers.link ?? '')) ?? [];
    return { body: { ...rest, '@context': within ?? link ?? CORE_CONTEXT } };
  }
  const link = within === undefined ? undefined : linkOf(within);
  return link === undefined ? { body } : { body: rest, context: link };
};

const headersOf = (
  registration: Registration,
  call: { readonly body: unknown; readonly context: string | undefined },
  journey: Journey,
) => {
  const headers: Record<string, string> = {
    accept: infoOf(registration, 'accept') ?? 'application/json',
    via: [journey.headers.via, `1.1 ${journey.alias}`].filter(Boolean).join(', '),
  };
  if (registration.sourceTenant) headers['ngsild-tenant'] = registration.sourceTenant;
  for (const { key, value } of registration.contextSourceInfo) {
    const name = key.toLowerCase();
    if (ABOUT.has(name) || OWN.has(name)) continue;
    const given = value === AS_ASKED ? journey.headers[name] : value;
    if (typeof given === 'string') headers[name] = given;
  }
  const inBody = hasContext(call.body);
  if (call.body !== undefined)
    headers['content-type'] = inBody ? 'application/ld+json' : 'application/json';
  if (call.context)
    headers['link'] =
      `<${call.context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;
  else if (!inBody && typeof journey.headers.link === 'string')
    headers['link'] = journey.headers.link;
  return headers;
};

/** Calls sources, each within its time, and remembers how they do (clause 6.3.17). */
export const openSend = (egress: Egress, book: HealthBook) => {
  const resting = new Map<string, { failures: number; untilMs: number }>();
  let underWay = 0;

  const keyOf = ({ tenant, id }: Registration) => `${tenant}\n${id}`;
  const isResting = (registration: Registration) =>
    (resting.get(keyOf(registration))?.untilMs ?? 0) > performance.now();

  const tell = (registration: Registration, answer: Answer) => {
    const key = keyOf(registration);
    book.note(registration, answer);
    if (answer.kind === 'answer' && answer.status < 500) return void resting.delete(key);
    const failures = (resting.get(key)?.failures ?? 0) + 1;
    const own = registration.cooldownMs;
    const untilMs =
      own !== undefined || failures >= FAILURES_MAX ? performance.now() + (own ?? COOLDOWN_MS) : 0;
    resting.set(key, { failures, untilMs });
  };

  const exchange = async (
    registration: Registration,
    call: Call,
    journey: Journey,
  ): Promise<Answer> => {
    const { body: sent, context = call.context } = inFormat(registration, call, journey);
    const query = new URLSearchParams(call.query);
    query.delete('local');
    if (registration.localOnly) query.set('local', 'true');
    const search = query.size > 0 ? `?${searchOf(query)}` : '';
    const text = sent === undefined ? undefined : JSON.stringify(sent);
    try {
      const { status, headers, body } = await egress({
        url: `${registration.endpoint}/ngsi-ld/v1${call.path}${search}`,
        method: call.method,
        headers: {
          ...headersOf(registration, { body: sent, context }, journey),
          ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
        },
        ...(text === undefined ? {} : { body: text }),
        timeoutMs: Math.min(registration.timeoutMs ?? TIMEOUT_MS, TIMEOUT_MS_MAX),
        bytesMax: ANSWER_BYTES_MAX,
      });
      let json: unknown;
      try {
        json = body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
      } catch {
        if (status < 300) return { kind: 'invalid', detail: 'what came is no JSON' };
      }
      return {
        kind: 'answer',
        status,
        json,
        more: NEXT.test(String(headers['link'] ?? '')),
        warnings: [headers['ngsild-warning'] ?? []].flat(),
      };
    } catch (error) {
      const refusal = toRefusal(error);
      if (!refusal) throw error;
      return {
        kind:
          refusal.kind === 'timeout'
            ? 'timeout'
            : refusal.kind === 'too-large'
              ? 'invalid'
              : 'unreachable',
        detail: refusal.message,
      };
    }
  };

  return async (registration: Registration, call: Call, journey: Journey): Promise<Answer> => {
    if (isResting(registration))
      return { kind: 'unreachable', detail: 'it failed lately and is left alone for a while' };
    if (underWay >= UNDER_WAY_MAX)
      return { kind: 'unreachable', detail: 'too many requests to other sources are under way' };
    underWay += 1;
    try {
      const answer = await exchange(registration, call, journey);
      tell(registration, answer);
      return answer;
    } finally {
      underWay -= 1;
    }
  };
};
export type Send = ReturnType<typeof openSend>;

/** What an answer says of itself, as a sentence. */
export const sentenceOf = (registration: Registration, answer: Answer): string =>
  answer.kind === 'answer'
    ? `${registration.id} answered ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`.trim()
    : `${registration.id}: ${answer.detail}`;

/** The code of Table 6.3.17-1 for an answer that is none. */
export const warningOf = (answer: Answer): 111 | 199 | 299 =>
  answer.kind === 'answer' ? 299 : answer.kind === 'invalid' ? 111 : 199;
