import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { compileNames, coreNames, type Names } from './compile.ts';
import { type FetchContext, notAvailable } from './fetch.ts';
import { flatten, type Load, type Loaded, mustBeShallow, servedId } from './flatten.ts';
import { type ContextDocument, openStoredContexts, type StoredContext } from './stored.ts';
import { openUsage } from './usage.ts';

/** How long what another process removed or read anew is still used here. */
const PEER_MS = 30_000;
/** How soon a server that could not be reached is asked again, while its last copy serves. */
const RETRY_MS = 60_000;
/** Of the texts of contexts that are kept compiled; their tables take a few times as much. */
const COMPILED_CHARACTERS_MAX = 32 * 1024 * 1024;

type Compiled = {
  readonly names: Promise<Names>;
  until: number;
  used: readonly string[];
  readonly characters: number;
};
type Needs = { database: Database; clock: Clock; log: Logger; fetchContext: FetchContext };

const sizeOf = (parts: readonly unknown[]) => JSON.stringify(parts).length;

const ofDocument = (
  { id, document, url }: StoredContext,
  address: string,
  until: number,
): Loaded => ({ id, context: document['@context'], base: url ?? address, until });

/**
 * Resolves contexts to names. Those that we serve are read from their rows, remote ones are fetched once and kept as
 * copies, as long as their server lets them be kept.
 */
export const openContexts = ({ database, clock, log, fetchContext }: Needs) => {
  const stored = openStoredContexts(database, clock);
  const usage = openUsage(database, clock, log);
  const compiled = new Map<string, Compiled>();
  const loading = new Map<string, Promise<Loaded>>();
  let characters = 0;
  const openedAt = toInstant(clock.now());

  const fetchCopy = async (url: string): Promise<Loaded> => {
    const { document, keepMs } = await fetchContext(url);
    const until = clock.now().getTime() + keepMs;
    const id = await stored.keep(url, document, toInstant(until));
    return { id, context: document['@context'], base: url, until };
  };

  const loadAnew: Load = async (url) => {
    const id = servedId(url);
    const served = id === undefined ? undefined : await stored.byId(id);
    const now = clock.now().getTime();
    if (served) return ofDocument(served, url, now + PEER_MS);
    if (!/^https?:/i.test(url)) throw notAvailable(`There is no context at ${url}.`);
    const copy = await stored.copyOf(url);
    if (copy?.expiresAt && Date.parse(copy.expiresAt) > now)
      return ofDocument(copy, url, Math.min(Date.parse(copy.expiresAt), now + PEER_MS));
    return fetchCopy(url).catch((error: unknown) => {
      if (!copy || !(error instanceof Refusal) || error.kind !== 'unavailable') throw error;
      log.warn({ url, reason: error.message }, 'a context could not be read anew');
      return ofDocument(copy, url, now + RETRY_MS);
    });
  };

  /** Whoever asks meanwhile waits for the same answer. */
  const load: Load = (url) => {
    const known = loading.get(url);
    if (known) return known;
    const loaded = loadAnew(url).finally(() => loading.delete(url));
    loading.set(url, loaded);
    return loaded;
  };

  const forget = (key: string) => {
    characters -= compiled.get(key)?.characters ?? 0;
    compiled.delete(key);
  };
  const forgetAll = () => {
    compiled.clear();
    characters = 0;
  };
  const remember = (key: string, one: Compiled) => {
    forget(key);
    compiled.set(key, one);
    characters += one.characters;
    for (const oldest of compiled.keys()) {
      if (characters <= COMPILED_CHARACTERS_MAX) break;
      forget(oldest);
    }
  };

  const compile = (context: unknown, key: string): Promise<Names> => {
    const make = async (): Promise<Names> => {
      const { parts, used, until, core } = await flatten(context, load);
      const names = parts.length === 0 ? coreNames : compileNames(parts, context, core);
      one.used = [...used];
      one.until = until;
      for (const id of used) usage.count(id);
      if (compiled.get(key) === one) remember(key, { ...one, characters: sizeOf(parts) });
      return names;
    };
    const one: Compiled = {
      names: make(),
      until: Number.POSITIVE_INFINITY,
      used: [],
      characters: key.length,
    };
    remember(key, one);
    one.names.catch(() => compiled.get(key) === one && forget(key));
    return one.names;
  };

  return {
    stored,
    usage,
    /** Since when the copy of the core context that we carry is there. */
    openedAt,

    /**
     * Throws Refusal: 'invalid' for a faulty context, 'unavailable' for one that cannot be had (clause 5.5.6). What is
     * known is answered from memory.
     */
    namesOf: (context: unknown): Promise<Names> => {
      if (context === undefined) return Promise.resolve(coreNames);
      if (typeof context !== 'string') mustBeShallow(context);
      const key = typeof context === 'string' ? context : JSON.stringify(context);
      const known = compiled.get(key);
      if (!known || clock.now().getTime() >= known.until) return compile(context, key);
      for (const id of known.used) usage.count(id);
      return known.names;
    },

    /** Whether this is a context at all, without asking anybody for its parts. Throws Refusal('invalid'). */
    check: async (context: unknown): Promise<void> => {
      if (context === undefined || context === null)
        throw new Refusal('invalid', 'A @context is an address, an object, or a list of these.');
      mustBeShallow(context);
      const { parts } = await flatten(context, async (url) => ({
        id: url,
        context: [],
        base: url,
        until: 0,
      }));
      compileNames(parts, undefined);
    },

    /** Answers its id. */
    add: (
      document: ContextDocument,
      kind: 'Hosted' | 'ImplicitlyCreated',
      tenant: string,
    ): Promise<string> => stored.add(document, kind, tenant),

    /** Whether it was there. */
    remove: async (id: string): Promise<boolean> => {
      const was = await stored.remove(id);
      forgetAll();
      return was;
    },

    /** Removes one that was made for a subscription, unless another names its address. */
    removeUnused: async (id: string, url: string): Promise<void> => {
      await stored.removeUnused(id, url);
      forgetAll();
    },

    /** Fetches a copy anew; where that fails the old one stays. Throws Refusal('unavailable') (clause 5.13.5.4). */
    reload: async (url: string): Promise<void> => {
      await fetchCopy(url).catch((error: unknown) => {
        throw error instanceof Refusal ? notAvailable(error.message) : error;
      });
      forgetAll();
    },
  };
};
export type Contexts = ReturnType<typeof openContexts>;
