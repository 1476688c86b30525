import type { Kysely } from 'kysely';
import type { Static, TObject, TSchema } from 'typebox';
import type { Role } from '#kernel/actor';
import type { Config } from '#kernel/config';
import type { Database, Sql } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import type { Consumer, Outbox } from '#kernel/outbox';
import type { Job } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import type { Importer } from './importer.ts';

/** Every visible text exists in both languages. */
export type Words = { readonly zh: string; readonly en: string };

/** What one module offers another: a name and, in the type only, the shape of its API. */
export type Port<Id extends string = string, Api = unknown> = {
  readonly id: Id;
  readonly api?: Api;
};
export const port =
  <Api>() =>
  <const Id extends string>(id: Id): Port<Id, Api> => ({ id });

type Apis<Uses extends readonly Port[]> = {
  [P in Uses[number] as P['id']]: P extends Port<string, infer Api> ? Api : never;
};

/** A module's own tables: where its migrations are and, in the type only, what rows they hold. */
export type Storage<Tables = unknown> = { readonly migrations: URL; readonly tables?: Tables };
export const storage = <Tables>(migrations: URL): Storage<Tables> => ({ migrations });

/** Who may do it without further asking, and the sentence that an administrator reads. */
export type Action = { readonly title: Words; readonly grant: readonly Role[] };

/** One door of the house to the world: which standard is spoken where, and how much of it. */
export type Feed = {
  readonly standard: string;
  readonly version: string;
  readonly direction: 'in' | 'out' | 'both';
  /** Where: a path under our address, or a protocol with the setting that holds its port. */
  readonly at: string;
  readonly implemented: Words;
};

export type PlanClaim = 'part' | 'works';
export type Events = Readonly<Record<string, TSchema>>;

/** Facts about people are personal; what only those who work with it should know is restricted. */
export type Sensitivity = 'personal' | 'restricted';

/** What of the entities of one type is not for everybody, and the Relationships that say whose an entity is. */
export type SensitiveType = {
  /** Of the entities as a whole: who does not see this does not learn that they exist. */
  readonly whole?: Sensitivity;
  readonly attributes?: Readonly<Record<string, Sensitivity>>;
  readonly owners?: readonly string[];
};

/** What is true of a module. Tests compare it with what is. */
export type Manifest = {
  readonly provides: Port;
  readonly title: Words;
  readonly uses: readonly Port[];
  readonly plan: Readonly<Record<string, PlanClaim>>;
  readonly actions: Readonly<Record<string, Action>>;
  /** What the module leaves in the audit log, as people call it. */
  readonly acts?: Readonly<Record<string, Words>>;
  readonly events: Events;
  readonly entities?: readonly string[];
  /** By type, in full names or in those of the core context. */
  readonly sensitive?: Readonly<Record<string, SensitiveType>>;
  /** The module's own rights, in Cedar, besides what `grant` gives by role. */
  readonly policies?: URL;
  readonly feeds?: readonly Feed[];
  readonly settings?: TObject;
  readonly storage?: Storage;
  /** For every table with personal data: why we hold it and until when. */
  readonly personalData?: Readonly<Record<string, { purpose: Words; retention: Words }>>;
};

/** Announces in the same transaction. `key` orders: events of one key are delivered in the order of their commits. */
export type Emit<E extends Events> = <Name extends keyof E & string>(
  name: Name,
  key: string,
  data: Static<E[Name]>,
) => void;

/** One transaction: the module's own tables, raw SQL for set-based writes, and what it announces. */
export type Tx<Tables, E extends Events> = {
  readonly db: Kysely<Tables>;
  readonly sql: Sql;
  readonly emit: Emit<E>;
};

/** What the house gives a module at setup. */
export type Kernel<Tables = unknown, E extends Events = Events, Settings = unknown> = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: Config;
  readonly settings: Settings;
  readonly database: Database;
  readonly db: Kysely<Tables>;
  readonly outbox: Outbox;
  readonly metrics: Metrics;
  /** A secret of this process, written where only the operator of this machine can read it. */
  readonly consoleSecret: string;
  /** The manifests of everything that lives here, for tables of doors, rights and the plan. */
  readonly manifests: readonly Manifest[];
  /** State, record and event in one transaction; the outbox is told after the commit. */
  readonly transact: <T>(work: (tx: Tx<Tables, E>) => Promise<T>) => Promise<T>;
};

/** What a module gives the house. */
export type Built<Api> = {
  readonly api: Api;
  /** Registered under /api/<module id>. */
  readonly routes?: (app: App) => Promise<void> | void;
  /** A standard's own paths, by their prefix. */
  readonly doors?: Readonly<Record<string, (app: App) => Promise<void> | void>>;
  readonly consumers?: readonly Consumer[];
  readonly jobs?: readonly Job[];
  readonly importers?: readonly Importer[];
  /** After migrations, before requests are answered. */
  readonly start?: () => Promise<void>;
  /** Only in a process that answers requests: opens the module's own ports, after HTTP listens. */
  readonly listen?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
};

/** Erased form, as the house handles it. */
export type Module = Manifest & { readonly setup: (kernel: never, apis: never) => Built<unknown> };

/** States a module once; undeclared uses, verbs and events do not compile. */
export const defineModule = <
  Id extends string,
  Api,
  const Uses extends readonly Port[],
  const E extends Events,
  Tables = unknown,
  const S extends TObject = TObject<Record<never, never>>,
>(
  m: Omit<Manifest, 'provides' | 'uses' | 'events' | 'storage' | 'settings'> & {
    provides: Port<Id, Api>;
    uses: Uses;
    events: E;
    storage?: Storage<Tables>;
    settings?: S;
    setup: (kernel: Kernel<Tables, E, Static<S>>, apis: Apis<Uses>) => Built<Api>;
  },
): Module => m as unknown as Module;
