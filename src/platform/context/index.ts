import { port } from '#kernel/module';
import type { TypeCount } from './live/census.ts';
import type { Entity, Fragment } from './model.ts';
import type { Operation, Outcome } from './operations.ts';
import type { HistoryPoint, HistoryQuestion } from './temporal/history.ts';

export { CHANGED, DEFAULT_TENANT, EntityChanged } from './contract.ts';
export {
  type AttributeKind,
  type Attributes,
  type Entity,
  type Fragment,
  type Instance,
  valueOf,
} from './model.ts';
export type { Operation, Outcome } from './operations.ts';

export type Context = {
  /**
   * The one write path: state, history and outbox in one transaction, answered after the commit is on disk. Concurrent
   * calls share a commit. One outcome an operation, in order; operations on one entity are applied in order.
   * Throws Refusal('unavailable') where too much waits, 'full' where the disk is.
   */
  readonly write: (operations: readonly Operation[], tenant?: string) => Promise<Outcome[]>;
  /**
   * An entity or fragment in NGSI-LD JSON (normalized or concise, short names of the core context) as the write path
   * wants it. Throws Refusal('invalid') naming the member at fault.
   */
  readonly toFragment: (json: unknown) => Fragment;
  /** The full name (IRI) of a short name under the core context, and back. */
  readonly nameOf: (short: string) => string;
  readonly shortOf: (iri: string) => string;
  readonly find: (id: string, tenant?: string) => Promise<Entity | undefined>;
  /** At most 1,000, in order of ids; types and short names are both full names or both under the core context. */
  readonly list: (question: {
    types?: readonly string[];
    ids?: readonly string[];
    afterId?: string;
    limit?: number;
    tenant?: string;
  }) => Promise<Entity[]>;
  /** How many entities of each type (short name) there are, how many of them simulated, and when one last changed. */
  readonly types: () => Promise<TypeCount[]>;
  /** The recorded values of one attribute, oldest first, at most 10,000. */
  readonly history: (question: HistoryQuestion) => Promise<HistoryPoint[]>;
};

export const context = port<Context>()('context');
