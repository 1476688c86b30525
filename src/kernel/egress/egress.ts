import { lookup } from 'node:dns';
import { type RequestOptions, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Refusal } from '#kernel/errors';
import { openAddressRule } from './addresses.ts';
import { parseUrl, redirected } from './redirects.ts';

export type EgressRequest = {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly bytesMax: number;
  readonly redirectsMax?: number;
};
export type EgressAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
};

/**
 * The only way out: every outgoing HTTP call is bounded in time and size, and reaches public addresses and those of
 * EGRESS_ALLOW. The address that was judged is the address that is called, so a name cannot change in between.
 * Throws Refusal: 'forbidden' where it may not go, 'timeout', 'too-large', 'unavailable' where nobody answers.
 */
export const openEgress = (allow: readonly string[]) => {
  const isAllowed = openAddressRule(allow);

  const guardedLookup: NonNullable<RequestOptions['lookup']> = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const reachable = addresses.filter(({ address }) => isAllowed(host, address));
      const [first] = reachable;
      if (!first)
        return done(
          new Refusal('forbidden', `Calls to ${host} are not allowed here (EGRESS_ALLOW).`),
          '',
          0,
        );
      return options.all ? done(null, reachable) : done(null, first.address, first.family);
    });
  };

  const callOnce = (url: URL, r: EgressRequest, signal: AbortSignal): Promise<EgressAnswer> => {
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) && !isAllowed(literal, literal))
      throw new Refusal('forbidden', `Calls to ${literal} are not allowed here (EGRESS_ALLOW).`);
    return new Promise((resolve, reject) => {
      const call = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = call(
        url,
        { method: r.method ?? 'GET', headers: { ...r.headers }, lookup: guardedLookup, signal },
        (answer) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > r.bytesMax)
              sent.destroy(
                new Refusal(
                  'too-large',
                  `${url.host} answered with more than ${r.bytesMax} bytes.`,
                ),
              );
            else chunks.push(chunk);
          });
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          );
          answer.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(r.body);
    });
  };

  return async (asked: EgressRequest): Promise<EgressAnswer> => {
    const signal = AbortSignal.timeout(asked.timeoutMs);
    let r = asked;
    for (let redirects = 0; ; redirects++) {
      const url = parseUrl(r.url);
      const answer = await callOnce(url, r, signal).catch((error: unknown) => {
        if (error instanceof Refusal) throw error;
        if (signal.aborted)
          throw new Refusal('timeout', `${url.host} did not answer within ${r.timeoutMs} ms.`);
        throw new Refusal(
          'unavailable',
          `${url.host} cannot be reached: ${(error as { code?: string }).code ?? String(error)}.`,
        );
      });
      const next = redirected(url, r, answer);
      if (!next) return answer;
      if (redirects >= (r.redirectsMax ?? 0))
        throw new Refusal('unavailable', `${url.host} sends us on too often.`);
      r = next;
    }
  };
};
export type Egress = ReturnType<typeof openEgress>;
