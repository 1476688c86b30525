import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { App } from '#kernel/http';
import type { Names } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import { readAsked, tenantOf } from '../../ngsi-ld/asked.ts';
import type { Identity } from '../identity.ts';
import type { OpenRegistry } from '../registrations/registry.ts';

const WARNINGS_MAX = 20;
const TOKENS_MAX = 100;

/** A request on its way: what it is, where it has been, and what its answer must say of that (clauses 4.3.6.4 and 6.3.17). */
export type Journey = {
  readonly method: string;
  /** Below `/ngsi-ld/v1`, as it was asked for. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: FastifyRequest['headers'];
  readonly body: unknown;
  readonly tenant: string;
  /** Our pseudonym in this tenant, and those of the sources that the request came through. */
  readonly alias: string;
  readonly seen: ReadonlySet<string>;
  /** The names that the request is in. */
  readonly names: () => Promise<Names>;
  readonly warn: (code: 110 | 111 | 199 | 299, text: string) => void;
  /** Passes on what sources further on warned of. */
  readonly relay: (warnings: readonly string[]) => void;
};

const store = new AsyncLocalStorage<Journey>();
const warnings = new WeakMap<FastifyRequest, string[]>();

/** The journey that the caller is part of; none where a module of our own asks. */
export const journeyNow = (): Journey | undefined => store.getStore();

/** The pseudonyms in Via: `received-protocol received-by (comment)`, by commas (RFC 9110, clause 7.6.3). */
const seenIn = (via: string | undefined): ReadonlySet<string> =>
  new Set(
    (via ?? '')
      .split(',')
      .slice(0, TOKENS_MAX)
      .flatMap((hop) => hop.trim().split(/\s+/)[1] ?? []),
  );

const inQuotes = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, "'");

/** Lets what is read and written below know of the request, and tells the caller what was amiss on the way. */
export const enterJourneys = (
  app: App,
  {
    identity,
    contexts,
    registry,
  }: { identity: Identity; contexts: Contexts; registry: OpenRegistry },
): void => {
  const begin = async (request: FastifyRequest, tenant: string, done: () => void) => {
    if ((await registry.current()).isEmpty(tenant)) return done();
    const alias = await identity.aliasOf(tenant);
    const told: string[] = [];
    warnings.set(request, told);
    const url = request.originalUrl;
    const end = url.indexOf('?');
    const path = (end < 0 ? url : url.slice(0, end)).slice(app.prefix.length);
    store.run(
      {
        method: request.method,
        path,
        query: new URLSearchParams(end < 0 ? '' : url.slice(end + 1)),
        headers: request.headers,
        body: request.body,
        tenant,
        alias,
        seen: seenIn(request.headers.via),
        names: async () => (await readAsked(request, contexts)).names,
        warn: (code, text) => {
          if (told.length < WARNINGS_MAX) told.push(`${code} ${alias} "${inQuotes(text)}"`);
        },
        relay: (others) =>
          void told.push(...others.slice(0, Math.max(0, WARNINGS_MAX - told.length))),
      },
      done,
    );
  };

  app.addHook('preHandler', (request, _reply, done) => {
    try {
      const tenant = tenantOf(request);
      // Where nobody is registered a request pays for one look into a map.
      if (request.space !== undefined || registry.peek()?.isEmpty(tenant)) return done();
      begin(request, tenant, done).catch(done);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const told = warnings.get(request);
    if (told && told.length > 0) reply.header('ngsild-warning', told);
    done(null, payload);
  });
};
