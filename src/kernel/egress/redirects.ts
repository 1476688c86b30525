import { Refusal } from '#kernel/errors';
import type { EgressAnswer, EgressRequest } from './egress.ts';

/** RFC 9110, 15.4: those that name another place for the same request. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What another origin may be told: no secrets, and nothing that was meant for the first one alone. */
const NEUTRAL = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);
/** What tells of a body, and goes where the body goes. */
const OF_BODY = /^content-/i;

/** Throws Refusal('invalid') for what is no address, or none of HTTP. */
export const parseUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (!url) throw new Refusal('invalid', `${text.slice(0, 200)} is no address.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Refusal('invalid', `${url.protocol} is not http or https.`);
  return url;
};

/**
 * The request to send next, or undefined where the answer is the last. 303, and 301 and 302 after a POST, ask for a GET
 * (RFC 9110, 15.4.2 to 15.4.4); another origin gets neutral headers only. Throws Refusal('unavailable') for a Location
 * that leads nowhere.
 */
export const redirected = (
  from: URL,
  r: EgressRequest,
  { status, headers: { location } }: EgressAnswer,
): EgressRequest | undefined => {
  if (!REDIRECTS.has(status) || typeof location !== 'string') return undefined;
  const to = URL.parse(location, from.href);
  if (!to || (to.protocol !== 'http:' && to.protocol !== 'https:'))
    throw new Refusal('unavailable', `${from.host} sends us to what is no address.`);
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw new Refusal('unavailable', `${from.host} sends us on without encryption.`);
  const { method = 'GET', body, headers = {}, ...limits } = r;
  const asksAnew = (status === 303 && method !== 'HEAD') || (status < 303 && method === 'POST');
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (to.origin === from.origin || NEUTRAL.has(name.toLowerCase())) &&
      !(asksAnew && OF_BODY.test(name)) &&
      name.toLowerCase() !== 'host',
  );
  return {
    ...limits,
    url: to.href,
    method: asksAnew ? 'GET' : method,
    headers: Object.fromEntries(kept),
    ...(asksAnew || body === undefined ? {} : { body }),
  };
};
