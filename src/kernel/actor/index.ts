/** Who asks. Always an argument, never ambient. */
export type Actor = {
  readonly kind: 'anonymous' | 'person' | 'application' | 'device' | 'system';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
};

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
