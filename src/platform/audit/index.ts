import { type Actor, SYSTEM } from '#kernel/actor';
import type { Sql } from '#kernel/database';
import { port } from '#kernel/module';

export { splitLines, type Verdict, verifyExport } from './verifier/verify.ts';
export type { Head, LogState, Receipt } from './contract.ts';

/** `refused`: a right or a rule stood against it; `failed`: it was tried and did not come about. */
export type Outcome = 'done' | 'refused' | 'failed';

export type Act = {
  readonly actor: Actor;
  /** The named action of the route, such as `sensing.keep-register`, or what was done under it: `identity.token-made`. */
  readonly action: string;
  /** What it was done to. An id that says who somebody is may stand here: it goes into the part that can be erased. */
  readonly subject: { readonly kind: string; readonly id: string };
  readonly outcome: Outcome;
  /** Absent: the one that the actor declared with the request, if any. */
  readonly purpose?: string;
  /** Absent: the one for whom the actor acts, if any. */
  readonly onBehalfOf?: { readonly id: string; readonly name: string; readonly mandate: string };
  /** What was there, and what is there now: JSON values, of which only a salted digest is kept. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** A few short facts for whoever reads the log, such as the address a sign-in came from. Never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** The id of the HTTP request, `request.id`. */
  readonly request?: string;
};

/** Who does something, and in which request: what every act begins with. */
export type By = Pick<Act, 'actor' | 'request'>;

/** The house itself. */
export const BY_SYSTEM: By = { actor: SYSTEM };

/** Whoever sent a request. */
export const byOf = ({ actor, id }: { readonly actor: Actor; readonly id: string }): By => ({
  actor,
  request: id,
});

/** A look at the personal data of somebody. */
export type Access = {
  readonly actor: Actor;
  readonly action: string;
  /** The id of the person whose data it is. */
  readonly whose: string;
  readonly subject: { readonly kind: string; readonly id: string };
  /** The personal fields that were given out. */
  readonly fields: readonly string[];
  readonly purpose?: string;
  readonly request?: string;
};

export type Audit = {
  /** Notes an act in the transaction that does it: both are stored or neither. The log has it within about a second. */
  readonly record: (sql: Sql, act: Act) => Promise<void>;
  /** Notes an act that has no transaction, such as a refused sign-in; resolves when it is on disk. */
  readonly recordAlone: (act: Act) => Promise<void>;
  /** Notes looks at personal data; resolves when they are on disk, so answer only then. Many at once share one write. */
  readonly recordAccess: (accesses: readonly Access[]) => Promise<void>;
  /**
   * Whoever is erased: what says who they are leaves the log as its entries pass half a year, which the law asks for.
   * Call it in the transaction that erases.
   */
  readonly forget: (sql: Sql, person: string) => Promise<void>;
};

export const audit = port<Audit>()('audit');
