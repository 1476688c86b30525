import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import { linkOf } from '../jsonld/address.ts';
import type { Names } from '../jsonld/compile.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import { CORE_CONTEXT } from '../jsonld/core-context.ts';

const LD_JSON = 'application/ld+json';
const GEO_JSON = 'application/geo+json';
const BODY_JSON = /\bbody=json\b/;
const CONTEXT_REL = 'http://www.w3.org/ns/json-ld#context';
export const TENANT = /^[A-Za-z0-9_-]{1,64}$/;
const LINK = /<([^>]*)>\s*;([^,]*)/g;

/** What every request of the door says beside its own parameters (clauses 6.3.4–6.3.6, 6.3.14). */
export type Asked = {
  readonly names: Names;
  readonly tenant: string;
  /** Where the context came by a Link header, its address: answers in plain JSON carry the same header. */
  readonly link: string | undefined;
  /** The JSON body, with the @context that it came with. */
  readonly body: unknown;
};

const bad = (message: string) => new Refusal('invalid', message);

/** The JSON-LD context of a Link header (JSON-LD 1.1, clause 6.1), where there is one. */
const contextLinkOf = (request: FastifyRequest): string | undefined => {
  const header = request.headers.link;
  if (!header) return undefined;
  const targets = new Set(
    [...String(header).matchAll(LINK)].flatMap(([, target, parameters]) =>
      parameters?.includes(CONTEXT_REL) ? [target!] : [],
    ),
  );
  if (targets.size > 1)
    throw bad('Only one Link header may name a JSON-LD context (clause 6.3.5).');
  const [link] = targets;
  return link;
};

/** Throws Refusal('invalid'). */
export const tenantOf = (request: FastifyRequest): string => {
  const tenant = request.headers['ngsild-tenant'];
  if (tenant === undefined || tenant === '') return '';
  if (typeof tenant !== 'string' || !TENANT.test(tenant))
    throw bad('NGSILD-Tenant is a name of letters, digits, _ and - (clause 6.3.14).');
  return tenant;
};

const isLdBody = (request: FastifyRequest) =>
  String(request.headers['content-type'] ?? '').startsWith(LD_JSON);

const checkLink = (request: FastifyRequest, link: string | undefined) => {
  if (isLdBody(request) && link !== undefined)
    throw bad(
      'With application/ld+json the @context is in the body, not in a Link header (clause 6.3.5).',
    );
};

/** Clause 6.3.5: a context comes with the body of application/ld+json, else by a Link header, never by both. */
const contextOfBody = (
  request: FastifyRequest,
  body: Record<string, unknown>,
  link: string | undefined,
): unknown => {
  const inBody = body['@context'];
  checkLink(request, link);
  if (isLdBody(request)) {
    if (inBody === undefined)
      throw bad('application/ld+json needs a @context in the body (clause 6.3.5).');
    return inBody;
  }
  if (inBody !== undefined)
    throw bad('A @context in the body needs application/ld+json (clause 6.3.5).');
  return link;
};

export const readAsked = async (request: FastifyRequest, contexts: Contexts): Promise<Asked> => {
  const tenant = request.space ?? tenantOf(request);
  const link = contextLinkOf(request);
  const { body } = request;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    const names = await contexts.namesOf(
      contextOfBody(request, body as Record<string, unknown>, link),
    );
    return { names, tenant, link, body };
  }
  // A Link header is the whole batch's, so that it alone makes all of it faulty.
  if (Array.isArray(body)) checkLink(request, link);
  return { names: await contexts.namesOf(link), tenant, link, body };
};

/** An attribute fragment without the context that came beside its members (clause 6.3.5). */
export const fragmentOf = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !('@context' in body)) return body;
  const { '@context': _context, ...fragment } = body;
  return fragment;
};

/** In a batch each item may bring its own context (clause 6.14): the names for one of them. */
export const namesOfItem = async (
  request: FastifyRequest,
  contexts: Contexts,
  item: unknown,
  link: string | undefined,
): Promise<Names> => {
  if (typeof item !== 'object' || item === null) throw bad('An entity is a JSON object.');
  return contexts.namesOf(contextOfBody(request, item as Record<string, unknown>, link));
};

export type Accepted = 'application/json' | 'application/ld+json' | 'application/geo+json';

/** Clause 6.3.4: the best of what the caller takes, by its weights; JSON where it takes anything. */
export const acceptedOf = (
  request: FastifyRequest,
  offered: readonly Accepted[] = ['application/json', LD_JSON],
): Accepted => {
  const header = request.headers.accept;
  if (!header) return 'application/json';
  const ranges = new Map(
    header.split(',').map((part) => {
      const [range = '', ...parameters] = part.trim().split(/\s*;\s*/);
      const q = parameters.find((p) => p.startsWith('q='));
      const weight = q ? Number(q.slice(2)) : 1;
      return [range.toLowerCase(), Number.isNaN(weight) ? 1 : weight] as const;
    }),
  );
  const weightOf = (type: string) =>
    ranges.get(type) ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0;
  // Among equals the first of the clause's own list, whatever their order in the header.
  const [best] = offered.toSorted((a, b) => weightOf(b) - weightOf(a));
  if (best && weightOf(best) > 0) return best;
  throw new Refusal('not-acceptable', `This is given as ${offered.join(', ')} (clause 6.3.4).`);
};

/** Clause 5.7.1.4: which geometry is meant matters to GeoJSON alone. */
export const mustBeForGeoJson = (geometryProperty: string | undefined, accepted: Accepted) => {
  if (geometryProperty !== undefined && accepted !== GEO_JSON)
    throw bad('geometryProperty is for application/geo+json alone (clauses 5.7.1.4 and 5.7.2.4).');
};

/**
 * Answers compacted data with its context where the caller looks for it: in the body, or in a Link header (clause 6.3.6;
 * GeoJSON holds it unless the caller prefers otherwise).
 */
export const sendLd = (
  reply: FastifyReply,
  accepted: Accepted,
  { names, link }: Asked,
  data: unknown,
) => {
  const isGeo = accepted === GEO_JSON && !BODY_JSON.test(String(reply.request.headers['prefer']));
  if (accepted === LD_JSON || isGeo) {
    const withContext = (item: unknown) => ({ ...(item as object), '@context': names.context });
    return reply
      .type(accepted)
      .serializer(JSON.stringify)
      .send(Array.isArray(data) ? data.map(withContext) : withContext(data));
  }
  const url = link ?? linkOf(names.shown) ?? CORE_CONTEXT;
  const pages = reply.getHeader('link');
  const context = `<${url}>; rel="${CONTEXT_REL}"; type="application/ld+json"`;
  reply.header('link', pages ? `${String(pages)}, ${context}` : context);
  return reply.type(accepted).serializer(JSON.stringify).send(data);
};
