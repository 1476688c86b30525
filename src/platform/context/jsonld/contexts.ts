import { Refusal } from '#kernel/errors';
import { compileNames, coreNames, isIri, type Names } from './compile.ts';
import { CORE_CONTEXT_URL } from './core-context.ts';

/** Fetches the JSON document behind a URL; bounded in size and time, and refused where outgoing calls may not go. */
export type FetchContext = (url: string) => Promise<unknown>;

const CONTEXTS_DEEP_MAX = 8;
const CONTEXTS_IN_ONE_MAX = 50;
const REMEMBERED_MAX = 500;
/** A published context hardly ever changes; an hour is what a client will wait for a change to be seen. */
const REMEMBER_MS = 3_600_000;

/** Scoped contexts nest a few levels; what is deeper than this is nobody's vocabulary. */
const LEVELS_MAX = 32;

const mustBeShallow = (context: unknown, level = 0): void => {
  if (level > LEVELS_MAX) throw new Refusal('invalid', 'The @context is nested too deeply.');
  if (typeof context === 'object' && context !== null)
    for (const part of Object.values(context)) mustBeShallow(part, level + 1);
};

type ContextObject = Readonly<Record<string, unknown>>;

/**
 * Resolves what stands under `@context` or in a Link header (a URL, an object, a list of both) to names. Remote
 * contexts are fetched once and remembered; rings, depth and number are bounded.
 */
export const openContexts = (fetchContext: FetchContext) => {
  const documents = new Map<string, { at: number; document: Promise<unknown> }>();
  const compiled = new Map<string, { at: number; names: Promise<Names> }>();

  const load = (url: string): Promise<unknown> => {
    const known = documents.get(url);
    if (known && Date.now() - known.at < REMEMBER_MS) return known.document;
    const document = fetchContext(url);
    if (documents.size >= REMEMBERED_MAX) documents.clear();
    documents.set(url, { at: Date.now(), document });
    document.catch(() => documents.delete(url));
    return document;
  };

  const flatten = async (
    context: unknown,
    path: readonly string[],
    into: ContextObject[],
  ): Promise<void> => {
    if (path.length > CONTEXTS_DEEP_MAX || into.length > CONTEXTS_IN_ONE_MAX)
      throw new Refusal('invalid', 'The @context is nested too deeply or made of too many parts.');
    if (context === null || context === undefined) return;
    if (Array.isArray(context)) {
      for (const part of context) await flatten(part, path, into);
    } else if (typeof context === 'string') {
      if (CORE_CONTEXT_URL.test(context)) return;
      if (!/^https?:/i.test(context) || !isIri(context))
        throw new Refusal('invalid', `The @context ${context} is not an http address.`);
      if (path.includes(context))
        throw new Refusal('invalid', `The @context ${context} includes itself.`);
      const document = await load(context);
      const inner = (document as { '@context'?: unknown } | null)?.['@context'];
      if (inner === undefined)
        throw new Refusal('unavailable', `There is no @context in the document at ${context}.`, {
          context,
          ldContext: true,
        });
      mustBeShallow(inner);
      await flatten(inner, [...path, context], into);
    } else if (typeof context === 'object') {
      into.push(context as ContextObject);
    } else throw new Refusal('invalid', 'A @context is an address, an object, or a list of these.');
  };

  const compile = async (context: unknown): Promise<Names> => {
    const parts: ContextObject[] = [];
    await flatten(context, [], parts);
    return parts.length === 0 ? coreNames : compileNames(parts, context);
  };

  return {
    /** Throws Refusal('invalid') for a faulty context, 'unavailable' for one that cannot be fetched. */
    namesOf: (context: unknown): Promise<Names> => {
      if (context === undefined) return Promise.resolve(coreNames);
      mustBeShallow(context);
      const key = typeof context === 'string' ? context : JSON.stringify(context);
      const known = compiled.get(key);
      if (known && Date.now() - known.at < REMEMBER_MS) return known.names;
      const names = compile(context);
      if (compiled.size >= REMEMBERED_MAX) compiled.clear();
      compiled.set(key, { at: Date.now(), names });
      names.catch(() => compiled.delete(key));
      return names;
    },
  };
};
export type Contexts = ReturnType<typeof openContexts>;
