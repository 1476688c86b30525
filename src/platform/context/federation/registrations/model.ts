import type { Geometry } from '../../geo/geometry.ts';
import type { GeoQuestion } from '../../query/geo.ts';
import type { Pattern } from '../../query/pattern.ts';
import type { Query } from '../../query/q.ts';
import type { Selector } from '../../query/question.ts';
import type { ScopeQuery } from '../../query/scope.ts';
import type { Interval } from '../../temporal/interval.ts';
import type { Kept } from './full-names.ts';
import type { OperationName } from './operations.ts';

/** Clause 4.3.6: beside what we have (inclusive), instead of it (exclusive, redirect), where we have nothing (auxiliary). */
export const MODES = ['inclusive', 'exclusive', 'redirect', 'auxiliary'] as const;
export type Mode = (typeof MODES)[number];

/** Clause 5.2.8. An id takes precedence over a pattern; no types where the registrant gave none. */
export type EntityInfo = {
  readonly types: readonly string[];
  readonly id?: string;
  readonly idPattern?: Pattern;
};

/** Clause 5.2.10. Absent: any entity, any attribute. */
export type RegistrationInfo = {
  readonly entities?: readonly EntityInfo[];
  /** propertyNames and relationshipNames together. */
  readonly attributes?: ReadonlySet<string>;
};

/** Clause 5.2.11, in ms. */
export type TimeSpan = { readonly fromMs: number; readonly toMs: number };

/** A registration made ready to be asked about every request (clause 5.2.9); names are full names. */
export type Registration = {
  /** The tenant here that it belongs to, and the one to name to the source. */
  readonly tenant: string;
  readonly sourceTenant?: string;
  readonly id: string;
  /** Without a slash at the end; `/ngsi-ld/v1/…` follows. */
  readonly endpoint: string;
  readonly mode: Mode;
  readonly operations: ReadonlySet<OperationName>;
  readonly information: readonly RegistrationInfo[];
  /** Pairs of clause 4.3.6.6 (accept, contentType, jsonldContext, ngsildConformance), and headers to send. */
  readonly contextSourceInfo: readonly { readonly key: string; readonly value: string }[];
  /** How the source names itself in Via. */
  readonly alias?: string;
  readonly datasets?: readonly string[];
  readonly scopes?: readonly string[];
  /** By full names: location, observationSpace, operationSpace and whatever other place was given. */
  readonly places: Readonly<Record<string, Geometry>>;
  /** With one of these it gives histories, and nothing of the present. */
  readonly observed?: TimeSpan;
  readonly managed?: TimeSpan;
  readonly localOnly: boolean;
  readonly timeoutMs?: number;
  readonly cooldownMs?: number;
  readonly untilMs: number;
  readonly document: Kept;
};

/** What a request is about; every condition given must hold (clauses 5.12, 5.10.2.4, 4.3.6.4). */
export type Question = {
  readonly tenant: string;
  readonly atMs: number;
  /** Absent: whatever it offers. */
  readonly operation?: OperationName;
  /** Any of these. For a write: its types, each an alternative, and its one id. */
  readonly selectors?: readonly Selector[];
  /** Full names of the attributes asked for or written; those within q and geo belong here too. */
  readonly attributes?: readonly string[];
  readonly datasets?: readonly string[];
  readonly scopes?: ScopeQuery;
  readonly geo?: GeoQuestion;
  /** With a relation only sources of histories answer, without only sources of the present; null asks both. */
  readonly interval?: Interval | null;
  /** Conditions on the registration itself (clause 4.9). */
  readonly csf?: Query;
  /** Sources that the request went through already (Via). */
  readonly seen?: ReadonlySet<string>;
};

/** A part of what a source offers that meets the request. */
export type Part = {
  /** Which element of `information`. */
  readonly index: number;
  /** Those of the registered that meet it; absent: any entity. */
  readonly entities?: readonly EntityInfo[];
  /** What to ask it for: the registered among the asked; absent: every attribute. */
  readonly attributes?: readonly string[];
};
export type Match = { readonly registration: Registration; readonly parts: readonly Part[] };

export const isProxied = ({ mode }: Registration): boolean =>
  mode === 'exclusive' || mode === 'redirect';

/** All registrations of this process's memory. */
export type Registry = {
  readonly revision: number;
  readonly count: number;
  readonly isEmpty: (tenant: string) => boolean;
  readonly list: (tenant: string) => readonly Registration[];
  readonly find: (tenant: string, id: string) => Registration | undefined;
  /** In the order of their ids. */
  readonly matching: (question: Question) => readonly Match[];
};

/** What became of the requests to a source (Table 5.2.9-2), as increments and the latest instants. */
export type HealthChange = {
  readonly tenant: string;
  readonly id: string;
  readonly sent: number;
  readonly failed: number;
  /** Of the failed, those that took too long. */
  readonly timedOut: number;
  readonly lastSuccess?: string;
  readonly lastFailure?: string;
  /** A sentence for the operator, with the last failure. */
  readonly lastError?: string;
};
