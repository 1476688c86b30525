import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, PAGE_OFFSET_MAX } from '../query/question.ts';
import type { Accepted } from './asked.ts';
import { searchOf } from './search-of.ts';
import { booleanOf } from './question-parameters.ts';

const Text = Type.Optional(Type.String());
/** Clauses 6.3.10 and 6.3.13. */
export const PAGING = { limit: Text, offset: Text, count: Text };

export type Paging = { readonly limit: number; readonly offset: number; readonly count: boolean };

const wholeNumberOf = (
  text: string | undefined,
  fallback: number,
  max: number,
  what: string,
): number => {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text) || Number(text) > max)
    throw new Refusal('invalid', `${what} is a whole number from 0 to ${max} (clause 6.3.10).`);
  return Number(text);
};

export type PagingParameters = {
  readonly limit?: string | undefined;
  readonly offset?: string | undefined;
  readonly count?: string | undefined;
};

export const pagingOf = (
  query: PagingParameters,
  options: ReadonlySet<string> = new Set(),
): Paging => {
  const limit = wholeNumberOf(query.limit, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, 'limit');
  const offset = wholeNumberOf(query.offset, 0, PAGE_OFFSET_MAX, 'offset');
  const count = booleanOf(query.count, 'count') ?? options.has('count');
  if (limit === 0 && !count)
    throw new Refusal('invalid', 'limit=0 is for count=true alone (clause 6.3.13).');
  return { limit, offset, count };
};

/** The headers of a page: its neighbours as links, and the number of all results where it was asked for. */
export const sendPaging = (
  request: FastifyRequest,
  reply: FastifyReply,
  accepted: Accepted,
  { limit, offset, count }: Paging,
  page: { more: boolean; count?: number },
): void => {
  const link = (rel: 'next' | 'prev', at: number): string => {
    const url = new URL(request.url, 'http://house');
    url.searchParams.set('limit', String(limit));
    url.searchParams.set('offset', String(at));
    url.searchParams.sort();
    return `<${url.pathname}?${searchOf(url.searchParams)}>;rel="${rel}";type="${accepted}"`;
  };
  const links = [
    ...(page.more ? [link('next', offset + limit)] : []),
    ...(offset > 0 && limit > 0 ? [link('prev', Math.max(0, offset - limit))] : []),
  ];
  if (links.length > 0) reply.header('link', links.join(', '));
  if (count) reply.header('ngsild-results-count', String(page.count ?? 0));
};
