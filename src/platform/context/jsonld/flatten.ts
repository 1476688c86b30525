import { Refusal } from '#kernel/errors';
import { isIri } from './compile.ts';
import { CORE_CONTEXT_URL } from './core-context.ts';

/** Remote contexts include others a few levels deep, and scoped ones nest a few; what is deeper is nobody's vocabulary. */
const CONTEXTS_DEEP_MAX = 8;
const CONTEXTS_IN_ONE_MAX = 50;
const LEVELS_MAX = 32;

/** The path of a context that a broker serves (clause 6.30). */
const SERVED = /\/jsonldContexts\/([^/?#]+)\/?$/;

/** The last part of such a path, which is the id of the context, ours or another broker's. */
export const servedId = (url: string): string | undefined => {
  const [, id] = SERVED.exec(url) ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    return undefined;
  }
};

export type ContextObject = Readonly<Record<string, unknown>>;
export type Loaded = {
  /** What stands under its `@context`. */
  readonly context: unknown;
  /** Against which the addresses in it are read. */
  readonly base: string;
  /** Under which it is stored here. */
  readonly id: string;
  /** Until when it may be used, in milliseconds since 1970. */
  readonly until: number;
};
export type Load = (url: string) => Promise<Loaded>;

export type Flat = {
  parts: ContextObject[];
  used: Set<string>;
  until: number;
  /** Whether the core context is one of them; it is carried here and none of the parts. */
  core: boolean;
};

export const mustBeShallow = (context: unknown, level = 0): void => {
  if (level > LEVELS_MAX) throw new Refusal('invalid', 'The @context is nested too deeply.');
  if (typeof context === 'object' && context !== null)
    for (const part of Object.values(context)) mustBeShallow(part, level + 1);
};

/** The address that a text in a context stands for; that of one we serve ourselves may leave out who we are. */
const addressOf = (text: string, base: string | undefined): string => {
  if (base !== undefined && URL.canParse(text, base)) return new URL(text, base).href;
  if ((/^https?:/i.test(text) && isIri(text) && URL.canParse(text)) || SERVED.test(text))
    return text;
  throw new Refusal('invalid', `The @context ${text} is not an http address.`);
};

/**
 * What stands under `@context` or in a Link header (an address, an object, a list of both) as the objects that it is made
 * of, in their order (JSON-LD 1.1, clause 4.1.3). Throws Refusal('invalid') for rings and for what is too deep or too many.
 */
export const flatten = async (context: unknown, load: Load): Promise<Flat> => {
  const flat: Flat = { parts: [], used: new Set(), until: Number.POSITIVE_INFINITY, core: false };

  const take = async (url: string): Promise<Loaded> => {
    const loaded = await load(url);
    mustBeShallow(loaded.context);
    flat.used.add(loaded.id);
    flat.until = Math.min(flat.until, loaded.until);
    return loaded;
  };

  /** JSON-LD 1.1, clause 4.1.10: the imported terms, as if they stood in the object itself. */
  const withImported = async (
    object: ContextObject,
    base: string | undefined,
  ): Promise<ContextObject> => {
    const { '@import': from, ...own } = object;
    if (from === undefined) return object;
    if (typeof from !== 'string') throw new Refusal('invalid', '@import is an address.');
    const { context: imported } = await take(addressOf(from, base));
    if (typeof imported !== 'object' || imported === null || Array.isArray(imported))
      throw new Refusal('invalid', `${from} cannot be imported: it is not one object.`);
    return { ...imported, ...own };
  };

  const walk = async (
    part: unknown,
    path: readonly string[],
    base: string | undefined,
  ): Promise<void> => {
    if (path.length > CONTEXTS_DEEP_MAX || flat.parts.length > CONTEXTS_IN_ONE_MAX)
      throw new Refusal('invalid', 'The @context is nested too deeply or made of too many parts.');
    if (part === undefined) return;
    // JSON-LD 1.1, clause 4.1.9: null forgets what came before it.
    if (part === null) {
      flat.parts.length = 0;
      flat.core = false;
    } else if (Array.isArray(part)) for (const one of part) await walk(one, path, base);
    else if (typeof part === 'string') {
      if (CORE_CONTEXT_URL.test(part)) {
        flat.core = true;
        return;
      }
      const url = addressOf(part, base);
      if (path.includes(url)) throw new Refusal('invalid', `The @context ${url} includes itself.`);
      const loaded = await take(url);
      await walk(loaded.context, [...path, url], loaded.base);
    } else if (typeof part === 'object')
      flat.parts.push(await withImported(part as ContextObject, base));
    else throw new Refusal('invalid', 'A @context is an address, an object, or a list of these.');
  };

  await walk(context, [], undefined);
  return flat;
};
