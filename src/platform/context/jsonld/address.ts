import { CORE_CONTEXT, CORE_CONTEXT_URL } from './core-context.ts';

/** The one address by which a Link header can name this context (clause 6.3.5): the core context is always meant, too. */
export const linkOf = (context: unknown): string | undefined => {
  const given = context === undefined || context === null ? [] : context;
  const parts = (Array.isArray(given) ? given : [given]).filter(
    (part) => typeof part !== 'string' || !CORE_CONTEXT_URL.test(part),
  );
  const [only] = parts;
  if (parts.length === 0) return CORE_CONTEXT;
  return parts.length === 1 && typeof only === 'string' ? only : undefined;
};
