import type { Understanding } from './entity/adapt.ts';
import type { Attributes, Fragment } from './model.ts';
import type { Filter } from './query/question.ts';
import type { TypeSelector } from './query/type-selector.ts';

/**
 * What writers ask for, in the words of the standard and apart from who does it: the same description is carried out on
 * what is here and told to the sources that hold a part of it (clause 4.3.6). Names are full, values are checked.
 */

/**
 * How a source that may send a thing twice has it kept once: `once` names the message, and is recorded in the same
 * transaction. An operation whose `once` was already committed within a day is answered as unchanged, unless it is
 * `fresh`: then the source says that this is the first sending, and it is recorded anew.
 */
export type Repeatable = { readonly once?: string; readonly fresh?: boolean };

/** Which entity is meant beyond its id, and who may do it. */
export type Aim = {
  /** The entity counts as absent unless it is of these types (clause 4.17). */
  readonly ofTypes?: TypeSelector;
  /** Only what is here is meant, whatever is registered (clause 5.5.13). */
  readonly local?: boolean;
};

/** What can be done to one entity. The names follow the operations of GS CIM 009, clauses 5.6.1–5.6.21. */
export type Operation = Change & Repeatable & Aim;

export type Change =
  /** 5.6.1: the entity must not exist. */
  | { readonly kind: 'create'; readonly entity: Fragment }
  /** 5.6.18 and batch upsert "replace": the entity becomes exactly this. `orCreate` makes it when absent. */
  | { readonly kind: 'replace'; readonly entity: Fragment; readonly orCreate?: boolean }
  /** 5.6.3: attributes are added, and replaced unless `keep`. `orCreate` makes batch upsert "update" of it. */
  | {
      readonly kind: 'append';
      readonly entity: Fragment;
      readonly keep?: boolean;
      readonly orCreate?: boolean;
    }
  /** 5.6.2: attributes are replaced or added; "urn:ngsi-ld:null" removes. */
  | { readonly kind: 'update'; readonly entity: Fragment }
  /**
   * 5.6.17: JSON merge patch within attributes; "urn:ngsi-ld:null" removes. `observedAt` is that of what has one and
   * brings none. `orCreate` serves our own devices.
   */
  | ({
      readonly kind: 'merge';
      readonly entity: Fragment;
      readonly orCreate?: boolean;
      readonly observedAt?: string;
    } & Understanding)
  /** 5.6.4: one attribute, its members take the place of those of the instance of the same datasetId. */
  | {
      readonly kind: 'update-attribute';
      readonly id: string;
      readonly name: string;
      readonly instances: Attributes[string];
    }
  /** 5.6.19: one attribute becomes exactly this. */
  | {
      readonly kind: 'replace-attribute';
      readonly id: string;
      readonly name: string;
      readonly instances: Attributes[string];
    }
  /** 5.6.5 */
  | {
      readonly kind: 'delete-attribute';
      readonly id: string;
      readonly name: string;
      readonly datasetId?: string;
      readonly deleteAll?: boolean;
    }
  /** 5.6.6 */
  | { readonly kind: 'delete'; readonly id: string }
  /** 5.6.21, of one entity: of its attributes only these are kept, or these are dropped. */
  | {
      readonly kind: 'reduce';
      readonly id: string;
      readonly names: readonly string[];
      readonly keeps: boolean;
    }
  /** 4.22: what has expired goes, where anything has. */
  | { readonly kind: 'expire'; readonly id: string };

/**
 * 5.6.21: all entities that pass the filter are deleted, or of their attributes all but some, or some. One request,
 * carried out entity by entity.
 */
export type Purge = {
  readonly filter: Filter;
  readonly reduce?: { readonly names: readonly string[]; readonly keeps: boolean };
};

export const entityIdOf = (operation: Operation): string =>
  'entity' in operation ? operation.entity.id : operation.id;

export type Reason =
  | 'not-found'
  | 'already-exists'
  | 'attribute-not-found'
  | 'invalid'
  /** A source holds it and does not take the operation. */
  | 'conflict'
  /** What a source that alone holds it did (clause 6.3.17): it sent the request back to us, did not answer, or failed. */
  | 'loop'
  | 'timeout'
  | 'bad-gateway';

/** A part of an operation that failed, though others did not. */
export type Failure = {
  readonly reason: Reason | 'in-part';
  readonly detail: string;
  readonly registration?: string;
  /** Full names of the attributes that it is about; absent: the whole entity, or all that was sent. */
  readonly attributes?: readonly string[];
};

/** What became of it. A refusal that the caller can act on is a value here, because a batch goes on past it. */
export type Outcome =
  | {
      readonly id: string;
      readonly done: 'created' | 'updated' | 'deleted' | 'unchanged';
      readonly notUpdated?: readonly { name: string; reason: string }[];
      /** What of it failed, and full names of the attributes that all of it was about. */
      readonly failures?: readonly Failure[];
      readonly written?: readonly string[];
    }
  | {
      readonly id: string;
      readonly done: 'refused';
      readonly reason: Reason;
      readonly detail: string;
      /** The registration of the source that alone was to do it. */
      readonly registration?: string;
    };

/** All that handlers write entities by, wherever these are held: one call for each request. */
export type EntityWriter = {
  /** One outcome an operation, in order; operations on one entity are done in order. */
  readonly write: (operations: readonly Operation[], tenant: string) => Promise<Outcome[]>;
  /** One outcome an entity that the filter found. */
  readonly purge: (purge: Purge, tenant: string) => Promise<Outcome[]>;
};
