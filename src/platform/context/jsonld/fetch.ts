import type { Egress } from '#kernel/egress';
import { Refusal } from '#kernel/errors';
import { CONTEXT_BYTES_MAX, type ContextDocument } from './stored.ts';

const TIMEOUT_MS = 10_000;
const REDIRECTS_MAX = 3;
/** Where its server says nothing: a published context hardly ever changes. */
const KEEP_MS = 3_600_000;
/** Even one that may not be kept is not fetched for each entity of a batch. */
const KEEP_MS_MIN = 10_000;
const KEEP_MS_MAX = 7 * 86_400_000;

export type FetchedContext = { readonly document: ContextDocument; readonly keepMs: number };
/** Fetches what is behind an address. Throws Refusal: 'unavailable' where it cannot be had, 'invalid' where it is none. */
export type FetchContext = (url: string) => Promise<FetchedContext>;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How long its server lets it be kept (RFC 9111; clause 5.13.1). */
export const keepMsOf = (headers: Headers): number => {
  const control = String(headers['cache-control'] ?? '').toLowerCase();
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,10})/.exec(control) ?? [];
  const age = Number(headers['age'] ?? 0) || 0;
  const date = Date.parse(String(headers['date'] ?? '')) || Date.now();
  const untilExpires = (): number => {
    if (headers['expires'] === undefined) return KEEP_MS;
    // RFC 9111, clause 5.3: what is no date is in the past.
    return (Date.parse(String(headers['expires'])) || date) - date;
  };
  const mayNot = /(?:^|[\s,])no-(?:store|cache)/.test(control);
  const stated = seconds === undefined ? untilExpires() : (Number(seconds) - age) * 1000;
  if (mayNot) return KEEP_MS_MIN;
  return Math.min(Math.max(stated, KEEP_MS_MIN), KEEP_MS_MAX);
};

/** A remote context that cannot be had (clause 5.5.6). */
export const notAvailable = (message: string) =>
  new Refusal('unavailable', message, { ldContext: true });

/** Clause 5.5.6: one that is there but is none is the caller's fault. */
const documentOf = (url: string, text: string): ContextDocument => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal('invalid', `There is no JSON at ${url}.`);
  }
  const context = (json as { '@context'?: unknown } | null)?.['@context'];
  if (context === undefined)
    throw new Refusal('invalid', `There is no @context in the document at ${url}.`);
  return { '@context': context };
};

export const openFetchContext =
  (egress: Egress): FetchContext =>
  async (url) => {
    const answer = await egress({
      url,
      headers: { accept: 'application/ld+json, application/json;q=0.9' },
      timeoutMs: TIMEOUT_MS,
      bytesMax: CONTEXT_BYTES_MAX,
      redirectsMax: REDIRECTS_MAX,
    }).catch((error: unknown) => {
      throw error instanceof Refusal ? notAvailable(`${url}: ${error.message}`) : error;
    });
    if (answer.status < 200 || answer.status > 299)
      throw notAvailable(`${url} answered ${answer.status}.`);
    return {
      document: documentOf(url, answer.body.toString('utf8')),
      keepMs: keepMsOf(answer.headers),
    };
  };
