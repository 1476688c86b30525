import { Refusal } from '#kernel/errors';
import { CORE_CONTEXT, CORE_TERMS, DEFAULT_VOCAB, type TermDefinition } from './core-context.ts';

/**
 * A JSON-LD context reduced to what NGSI-LD needs of it (GS CIM 009, clause 4.4 and 5.5.7): a table of terms both ways.
 * Made once a context and cached, so that the hot path looks names up and never runs a JSON-LD processor.
 */
export type Names = {
  /** The name we keep for a term, prefixed name or IRI. */
  readonly expand: (term: string) => string;
  /** The shortest name of the caller's that stands for the name we keep. */
  readonly compact: (name: string) => string;
  /** Whether values of this term are themselves names, to be expanded in the vocabulary. */
  readonly isVocab: (term: string) => boolean;
  /** The @context that was given; undefined where the core context is all. */
  readonly shown: unknown;
  /** What stands as @context beside compacted data: the one given, and the core context where that does not hold it. */
  readonly context: unknown;
};

const TERMS_MAX = 20_000;
/** A term leans on a prefix, and that on another; nobody goes further than a few. */
const LEANING_MAX = 100;
/** What a key of an index holds with room to spare, whatever the script. */
export const NAME_CHARACTERS_MAX = 600;
const IRI = /^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu;
/** JSON-LD 1.1, create term definition: a simple definition ending so may serve as a prefix. */
const PREFIX_END = /[:/?#[\]@]$/;

export const isIri = (text: string): boolean =>
  text.length <= NAME_CHARACTERS_MAX && IRI.test(text);

/**
 * The name we keep is the IRI; but most names of a city are in the default vocabulary, and those are kept as `:name`,
 * forty bytes shorter in each attribute of each row.
 */
export const toKept = (iri: string): string =>
  iri.startsWith(DEFAULT_VOCAB) && iri.length > DEFAULT_VOCAB.length
    ? `:${iri.slice(DEFAULT_VOCAB.length)}`
    : iri;

/** The IRI behind a name we keep. */
export const iriOf = (name: string): string =>
  name.startsWith(':') ? DEFAULT_VOCAB + name.slice(1) : name;

type Definition = { iri: string; vocab: boolean; prefix: boolean };
type Table = { terms: Map<string, Definition>; vocab: string };

const definitionOf = (value: unknown, term: string): TermDefinition | undefined => {
  if (value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !Array.isArray(value)) {
    const definition = value as Record<string, unknown>;
    if ('@context' in definition)
      throw new Refusal('invalid', `The @context of ${term} is a scoped one (clause 5.5.7).`, {
        term,
      });
    const id = definition['@id'] ?? term;
    if (id === null) return undefined;
    if (typeof id === 'string') return { ...definition, '@id': id };
  }
  throw new Refusal(
    'invalid',
    `The @context defines ${term} neither as a name nor as a definition.`,
  );
};

/** Adds the terms of one context object; a term may lean on others of the same object in any order, but not in a ring. */
const addTerms = (table: Table, context: Readonly<Record<string, unknown>>) => {
  const resolving = new Set<string>();
  const done = new Set<string>();

  const resolveIri = (name: string): string => {
    if (name.startsWith('@')) return name;
    if (Object.hasOwn(context, name) && !done.has(name)) define(name);
    const known = table.terms.get(name);
    if (known) return known.iri;
    const colon = name.indexOf(':');
    if (colon > 0 && !name.startsWith('//', colon + 1)) {
      const prefix = name.slice(0, colon);
      if (Object.hasOwn(context, prefix) && !done.has(prefix)) define(prefix);
      const base = table.terms.get(prefix);
      if (base) return base.iri + name.slice(colon + 1);
    }
    return colon > 0 ? name : table.vocab + name;
  };

  const define = (term: string): void => {
    if (resolving.has(term))
      throw new Refusal('invalid', `The @context defines ${term} by itself.`, { term });
    if (resolving.size > LEANING_MAX)
      throw new Refusal('invalid', `The @context defines ${term} by too many others.`, { term });
    resolving.add(term);
    const definition = definitionOf(context[term], term);
    if (definition === undefined) table.terms.delete(term);
    else if (
      definition === term ||
      (typeof definition === 'object' && definition['@id'] === term)
    ) {
      done.add(term);
      const iri = resolveIri(term.includes(':') ? term : table.vocab + term);
      table.terms.set(term, toDefinition(iri, definition));
    } else {
      const iri = resolveIri(typeof definition === 'string' ? definition : definition['@id']);
      table.terms.set(term, toDefinition(iri, definition));
    }
    resolving.delete(term);
    done.add(term);
  };

  const vocab = context['@vocab'];
  // JSON-LD 1.1, clause 4.1.2: null takes it away, "" and short names are read by what was there before.
  if (vocab === null) table.vocab = '';
  else if (typeof vocab === 'string') table.vocab = vocab === '' ? table.vocab : resolveIri(vocab);
  else if (vocab !== undefined) throw new Refusal('invalid', '@vocab is a name or null.');

  for (const term of Object.keys(context))
    if (!term.startsWith('@') && !done.has(term)) define(term);
  if (table.terms.size > TERMS_MAX)
    throw new Refusal('too-large', `A @context may define ${TERMS_MAX} terms; this one has more.`);
};

/** JSON-LD 1.1, clause 4.2.2: a plain name that ends like one is a prefix, another where it says so. */
const toDefinition = (iri: string, definition: TermDefinition): Definition =>
  typeof definition === 'string'
    ? { iri, vocab: false, prefix: PREFIX_END.test(iri) && !iri.startsWith('@') }
    : {
        iri,
        vocab: definition['@type'] === '@vocab',
        prefix: (definition as { '@prefix'?: unknown })['@prefix'] === true,
      };

const withCore = (table: Table) => {
  // Clause 5.5.7: the core context comes last and so has the last word on its terms.
  addTerms(table, CORE_TERMS);
  table.vocab = table.vocab || DEFAULT_VOCAB;
};

/** Clause 4.4: the core context is last, whether or not it was named; naming it twice would say nothing. */
const withCoreNamed = (given: unknown, core: boolean): unknown => {
  if (given === undefined) return CORE_CONTEXT;
  if (core) return given;
  return [...(Array.isArray(given) ? given : [given]), CORE_CONTEXT];
};

/** The names under these context objects, in their order, and the core context last; `core` is whether `shown` holds that. */
export const compileNames = (
  contexts: readonly Readonly<Record<string, unknown>>[],
  shown: unknown,
  core = false,
): Names => {
  const table: Table = { terms: new Map(), vocab: DEFAULT_VOCAB };
  for (const context of contexts) addTerms(table, context);
  withCore(table);

  const shortOf = new Map<string, string>();
  const prefixes: [string, string][] = [];
  for (const [term, { iri, prefix }] of table.terms) {
    const known = shortOf.get(iri);
    if (!known || term.length < known.length) shortOf.set(iri, term);
    if (prefix) prefixes.push([iri, term]);
  }
  prefixes.sort(([a], [b]) => b.length - a.length);

  const expandAnew = (term: string): string => {
    const known = table.terms.get(term);
    if (known) return toKept(known.iri);
    const colon = term.indexOf(':');
    if (colon < 0) return toKept(table.vocab + term);
    const base = table.terms.get(term.slice(0, colon));
    return toKept(
      base && !term.startsWith('//', colon + 1) ? base.iri + term.slice(colon + 1) : term,
    );
  };

  const compactAnew = (name: string): string => {
    const iri = iriOf(name);
    const term = shortOf.get(iri);
    if (term) return term;
    if (iri.startsWith(table.vocab)) {
      const rest = iri.slice(table.vocab.length);
      if (rest && !table.terms.has(rest) && !rest.includes(':')) return rest;
    }
    const prefix = prefixes.find(([base]) => iri.startsWith(base) && iri.length > base.length);
    return prefix ? `${prefix[1]}:${iri.slice(prefix[0].length)}` : iri;
  };

  return {
    expand: remember(expandAnew),
    compact: remember(compactAnew),
    isVocab: (term) => table.terms.get(term)?.vocab ?? false,
    shown,
    context: withCoreNamed(shown, core),
  };
};

const REMEMBERED_MAX = 5000;

/** Names repeat from entity to entity; looking for a prefix each time would not be for free. */
const remember = (work: (key: string) => string) => {
  const known = new Map<string, string>();
  return (key: string): string => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = work(key);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, made);
    return made;
  };
};

/** The names of the core context alone. */
export const coreNames: Names = compileNames([], undefined);
