/** Who asks. Always an argument, never ambient. */
export type Actor = {
  readonly kind: 'anonymous' | 'person' | 'application' | 'device' | 'system';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** How surely it is known who this is. */
  readonly assurance?: Assurance;
  /** The bodies one belongs to now, each with a post held there. */
  readonly bodies?: readonly Belonging[];
  /** For whom one acts, by a mandate that was in force when the request came. */
  readonly onBehalfOf?: { readonly id: string; readonly name: string; readonly mandate: string };
  /** The application through which one acts. */
  readonly client?: string;
  /** What an application's token or a mandate is limited to; absent when nothing limits. */
  readonly scopes?: readonly string[];
  /** Why, as declared with the request (`Sanjiang-Purpose`). */
  readonly purpose?: string;
};

/** From nothing known, over a confirmed address, to a checked document and the staff of a body. */
export type Assurance = 'anonymous' | 'contact' | 'real-name' | 'staff';

/** `body` is the id of a body, `post` what one does there. */
export type Belonging = { readonly body: string; readonly post: string };

/** What an actor may be granted by; `administrator` holds every action. */
export type Role = 'anyone' | 'person' | 'developer' | 'device' | 'operator' | 'administrator';

export const ANONYMOUS: Actor = { kind: 'anonymous', id: 'anonymous', name: '', roles: ['anyone'] };

/** The house itself: jobs, outbox consumers, imports started at its own console. */
export const SYSTEM: Actor = {
  kind: 'system',
  id: 'system',
  name: 'Sanjiang',
  roles: ['anyone', 'administrator'],
};

const moduleOf = (action: string): string => action.slice(0, Math.max(action.indexOf('.'), 0));

/** Whether the limits of a token or a mandate leave room for an action: a scope is an action or a whole module. */
export const isWithinScopes = (actor: Actor, action: string): boolean =>
  actor.scopes === undefined ||
  actor.scopes.includes(action) ||
  (action.includes('.') && actor.scopes.includes(moduleOf(action)));

/** What two limits leave together; absent limits nothing. */
export const narrowScopes = (
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined => {
  if (!one || !other) return one ?? other;
  const within = (some: readonly string[], all: readonly string[]) =>
    some.filter((scope) => all.includes(scope) || all.includes(moduleOf(scope)));
  return [...new Set([...within(one, other), ...within(other, one)])];
};
