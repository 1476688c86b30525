const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media': 415,
  unprocessable: 422,
  'too-many': 429,
  'not-implemented': 501,
  'bad-gateway': 502,
  unavailable: 503,
  timeout: 504,
  full: 507,
  loop: 508,
} as const;

export type RefusalKind = keyof typeof STATUS;
export type Facts = Readonly<Record<string, unknown>>;

/** An answer we mean to give: the caller can act on it and nothing is broken. Everything else thrown is a bug. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  readonly facts: Facts;

  constructor(kind: RefusalKind, message: string, facts: Facts = {}) {
    super(message);
    this.kind = kind;
    this.facts = facts;
  }

  get status(): number {
    return STATUS[this.kind];
  }
}
