import type { FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).host : undefined;

/**
 * Refuses a change that a page of another site asks for with what the browser adds by itself (Fetch Metadata, else the
 * Origin header, which every browser sends with such requests). A program sends neither and carries no stranger's cookie.
 */
export const mustBeSameOrigin = (request: FastifyRequest, publicUrl: string | undefined): void => {
  if (READS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own = [request.host, publicUrl && hostOf(publicUrl)];
  const isOwn = site
    ? site === 'same-origin' || site === 'none'
    : origin === undefined || own.includes(hostOf(origin) ?? '');
  if (!isOwn)
    throw new Refusal('forbidden', 'A page of another site asked for this change.', { origin });
};
