import type { Bind } from './bind.ts';
import { parseChoice } from './choice.ts';

/** Patterns of scopes: any of these sets, all of one set. Both engines read them alike. */
export type ScopeQuery = { readonly anyOf: readonly (readonly string[])[] };

const LEVEL = /^(?:\+|\p{L}[\p{L}\p{N}_]*)$/u;

/** A scope of the query as a pattern: + is one level, /# all below. A leading / may be left out, as in example 5. */
const toPattern = (scope: string): string | undefined => {
  if (scope === '/#') return '^.';
  const below = scope.endsWith('/#');
  const levels = (below ? scope.slice(0, -2) : scope).replace(/^\//, '').split('/');
  if (!levels.every((level) => LEVEL.test(level))) return undefined;
  return `^/?${levels.map((level) => (level === '+' ? '[^/]+' : level)).join('/')}${below ? '(/.*)?' : ''}$`;
};

/** The scope query language (clause 4.19); clients write its conjunctions without parentheses, too. Throws Refusal('invalid'). */
export const parseScopes = (text: string): ScopeQuery => ({
  anyOf: parseChoice(text, toPattern, 'The scope query (clause 4.19)', { bare: true }),
});

export const scopesToSql = ({ anyOf }: ScopeQuery, bind: Bind, alias = 'e'): string => {
  const one = (pattern: string) =>
    `exists (select 1 from unnest(${alias}.scopes) as s(scope) where s.scope ~ ${bind(pattern)})`;
  return `(${anyOf.map((all) => `(${all.map(one).join(' and ')})`).join(' or ')})`;
};

export const matchesScopes = ({ anyOf }: ScopeQuery, scopes: readonly string[]): boolean =>
  anyOf.some((all) =>
    all.every((pattern) => scopes.some((scope) => new RegExp(pattern, 'u').test(scope))),
  );
