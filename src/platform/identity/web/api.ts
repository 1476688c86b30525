import { useApi, type Bilingual } from '#platform/ui/web';
type Words = Bilingual;

/** `GET /api/identity/me`: who asks. */
export type Me = {
  readonly actor: {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly assurance?: string;
    readonly bodies?: readonly { readonly body: string; readonly post: string }[];
  };
};

export type Session = {
  readonly id: string;
  readonly method: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: string;
  readonly current: boolean;
};

export type Passkey = {
  readonly id: string;
  readonly name: string;
  readonly synced: boolean;
  readonly lastUsedAt: string | null;
};

export type Consent = {
  readonly id: string;
  readonly application: { readonly name: Words };
  readonly scopes: readonly string[];
  readonly givenAt: string;
};

export type Mandate = {
  readonly id: string;
  readonly principal: { readonly name: Words };
  readonly agent: { readonly name: string };
  readonly scopes: readonly string[];
  readonly note: string;
  readonly until: string;
  readonly mine: 'given' | 'received';
  readonly endedAt: string | null;
  readonly inForce: boolean;
};

export type Body = {
  readonly id: string;
  readonly name: Words;
  readonly kind: string;
  readonly parent: string | null;
  readonly members: number;
  readonly mayKeep: boolean;
};

type Named = { readonly id: string; readonly name: Words };
/** `GET /api/identity/bodies`: the tree, with the names of kinds and posts. */
export type BodyTree = Items<Body> & {
  readonly posts: readonly Named[];
  readonly kinds: readonly Named[];
};

export type Member = {
  readonly id: string;
  readonly person: { readonly name: string };
  readonly post: string;
  readonly from: string;
  readonly until: string | null;
};

export type Person = {
  readonly id: string;
  readonly signInName: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly assurance: string;
  readonly demo: boolean;
  readonly closedAt: string | null;
};

export type Token = { readonly id: string; readonly name: string; readonly expiresAt: string };

export type Application = {
  readonly id: string;
  readonly name: Words;
  readonly kind: string;
  readonly scopes: readonly string[];
  readonly method: string;
};

const part = encodeURIComponent;
const API = '/api/identity';

/** Every path of identity that these pages call. */
export const at = {
  all: API,
  me: `${API}/me`,
  password: `${API}/me/password`,
  sessions: `${API}/sessions`,
  session: (id: string) => `${API}/sessions/${part(id)}`,
  current: `${API}/sessions/current`,
  secondFactors: `${API}/second-factors`,
  passkeys: `${API}/passkeys`,
  passkey: (id: string) => `${API}/passkeys/${part(id)}`,
  passkeyOffers: `${API}/passkey-offers`,
  passkeyQuestions: `${API}/passkey-questions`,
  passkeySessions: `${API}/passkey-sessions`,
  authenticator: `${API}/authenticator`,
  consents: `${API}/consents`,
  consent: (id: string) => `${API}/consents/${part(id)}`,
  mandates: `${API}/mandates`,
  mandate: (id: string) => `${API}/mandates/${part(id)}`,
  bodies: `${API}/bodies`,
  members: (body: string) => `${API}/bodies/${part(body)}/members`,
  membership: (id: string) => `${API}/memberships/${part(id)}`,
  people: (text: string) => `${API}/people?text=${part(text)}`,
  newPeople: `${API}/people`,
  codes: (id: string) => `${API}/people/${part(id)}/recovery-codes`,
  checks: (id: string) => `${API}/people/${part(id)}/document-checks`,
  person: (id: string) => `${API}/people/${part(id)}`,
  recoveries: `${API}/recoveries`,
  demoPeople: `${API}/demonstration-people`,
  demoSessions: `${API}/demonstration-sessions`,
  keys: `${API}/sandbox-keys`,
  key: (id: string) => `${API}/sandbox-keys/${part(id)}`,
  applications: `${API}/applications`,
  application: (id: string) => `${API}/applications/${part(id)}`,
  applicationSecrets: (id: string) => `${API}/applications/${part(id)}/secrets`,
  request: (uid: string) => `${API}/interactions/${part(uid)}/request`,
  answers: (uid: string) => `${API}/interactions/${part(uid)}/answers`,
} as const;

export type Items<T> = { readonly items: readonly T[] };

export const useMe = () => useApi<Me>(at.me);

/** Whether the person who looks on signed in. */
export const usePerson = (): Me['actor'] | undefined => {
  const actor = useMe().data?.actor;
  return actor?.kind === 'person' ? actor : undefined;
};
