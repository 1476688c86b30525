import type { Actor } from '#kernel/actor';
import { type Static, type TSchema, Type } from 'typebox';

const Words = Type.Object({ zh: Type.String(), en: Type.String() });

export const GrantedAction = Type.Object({
  id: Type.String(),
  /** The module that declares it; `house` for the house itself. */
  module: Type.String(),
  title: Words,
  grant: Type.Array(Type.String(), {
    description: 'Roles that may do it; administrator may besides',
  }),
});
export type GrantedAction = Static<typeof GrantedAction>;

export const GrantedActions = Type.Object({ items: Type.Array(GrantedAction) });
export const OwnActions = Type.Object({
  actions: Type.Array(Type.String(), { description: 'Ids of all that the caller may do' }),
});

/** What an act is done to, as far as a policy asks: a record, an account, a device. */
export type Resource = {
  readonly kind: string;
  readonly id?: string;
  /** The id of the person whose it is, and of the body. */
  readonly owner?: string;
  readonly body?: string;
  readonly sensitivity?: 'public' | 'personal' | 'restricted';
  readonly tenant?: string;
};

/** May this actor do this, to that, for this purpose? Without a purpose, that of the actor's request counts. */
export type Question = {
  readonly actor: Actor;
  readonly action: string;
  readonly resource?: Resource;
  readonly purpose?: string;
};

/** What may be looked at: an attribute of the entities of a type, or, without one, the entities as a whole. */
export type Fact = {
  readonly type: string;
  readonly attribute?: string;
  readonly sensitivity: 'public' | 'personal' | 'restricted';
  readonly relation: 'own' | 'ours' | 'none';
};

/** Who may be asked about from outside, of one kind; ids come in one order, after an id. */
export type Subjects = {
  readonly find: (id: string) => Promise<Actor | undefined>;
  readonly list: (afterId: string, limit: number) => Promise<string[]>;
};
/** What may be asked about from outside, of one kind. */
export type Things = {
  readonly find: (id: string) => Promise<Resource | undefined>;
  readonly list: (afterId: string, limit: number) => Promise<string[]>;
};

/** What is hidden of the entities of a type: everything that is not named here is seen. */
export type TypeView = {
  readonly type: string;
  /** The Relationships that say whose an entity is. */
  readonly owners: readonly string[];
  /** Where it is there, only entities of these are seen at all (none, where it is empty). */
  readonly whole?: readonly string[];
  /** By attribute: of whose entities it is seen. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
};
export type View = { readonly types: readonly TypeView[] };

const Instant = Type.String({ format: 'date-time' });
const Who = Type.Object({ id: Type.String(), name: Type.String() });
const Maybe = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Reason = Type.String({ minLength: 5, maxLength: 1000 });
const ModuleName = Type.String({ minLength: 1, maxLength: 60 });
const Text = Type.String({ maxLength: 64_000 });

const PolicyInForce = Type.Object({
  id: Type.String(),
  title: Words,
  effect: Type.Union([Type.Literal('permit'), Type.Literal('forbid')]),
  text: Type.String(),
});
export const Books = Type.Object({
  items: Type.Array(
    Type.Object({
      module: Type.String(),
      title: Words,
      text: Type.String({ description: 'What is in force besides the grants of the manifest' }),
      delivered: Type.String({ description: 'What the module was delivered with' }),
      changed: Type.Boolean(),
      unusable: Type.Boolean({ description: 'A change was approved that cannot be used any more' }),
      policies: Type.Array(PolicyInForce),
    }),
  ),
});

export const NewQuestion = Type.Object({
  actor: Type.Object({
    kind: Type.Union([
      Type.Literal('anonymous'),
      Type.Literal('person'),
      Type.Literal('application'),
      Type.Literal('device'),
    ]),
    id: Type.Optional(Type.String({ maxLength: 200 })),
    roles: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
    assurance: Type.Optional(
      Type.Union([
        Type.Literal('anonymous'),
        Type.Literal('contact'),
        Type.Literal('real-name'),
        Type.Literal('staff'),
      ]),
    ),
  }),
  action: Type.String({ maxLength: 200 }),
  purpose: Type.Optional(Type.String({ maxLength: 60 })),
  resource: Type.Optional(
    Type.Object({
      kind: Type.String({ maxLength: 200 }),
      id: Type.Optional(Type.String({ maxLength: 500 })),
      owner: Type.Optional(Type.String({ maxLength: 200 })),
      body: Type.Optional(Type.String({ maxLength: 200 })),
      sensitivity: Type.Optional(
        Type.Union([Type.Literal('public'), Type.Literal('personal'), Type.Literal('restricted')]),
      ),
    }),
  ),
});
export const Answer = Type.Object({
  allowed: Type.Boolean(),
  because: Type.Array(PolicyInForce, { description: 'Empty where nobody permits it' }),
});

export const NewChange = Type.Object({ module: ModuleName, text: Text, reason: Reason });
export type NewChange = Static<typeof NewChange>;
/** Approved or rejected by somebody else than who proposed it; withdrawn by that one. */
export const NewVerdict = Type.Object({
  state: Type.Union([
    Type.Literal('approved'),
    Type.Literal('rejected'),
    Type.Literal('withdrawn'),
  ]),
});
export type NewVerdict = Static<typeof NewVerdict>;
export const NewTrial = Type.Object({ module: ModuleName, text: Text });
export const Trial = Type.Object({
  recorded: Type.Integer({ description: 'Decisions that were tried again' }),
  allowed: Type.Integer({ description: 'Denied now, allowed then' }),
  denied: Type.Integer({ description: 'Allowed now, denied then' }),
  changed: Type.Array(
    Type.Object({
      actor: Type.Object({
        kind: Type.String(),
        id: Type.String(),
        roles: Type.Array(Type.String()),
      }),
      action: Type.String(),
      resource: Maybe(Type.String()),
      allowed: Type.Boolean(),
      because: Type.Array(Type.String()),
    }),
  ),
});
export type Trial = Static<typeof Trial>;

export const Change = Type.Object({
  id: Type.String(),
  module: Type.String(),
  text: Type.String(),
  reason: Type.String(),
  state: Type.Union([
    Type.Literal('proposed'),
    Type.Literal('approved'),
    Type.Literal('rejected'),
    Type.Literal('withdrawn'),
  ]),
  proposedBy: Who,
  proposedAt: Instant,
  decidedBy: Maybe(Who),
  decidedAt: Maybe(Instant),
});
export type Change = Static<typeof Change>;

/** Longer than a shift is no emergency. */
const EMERGENCY_MINUTES_MAX = 480;
export const NewEmergency = Type.Object({
  reason: Reason,
  minutes: Type.Integer({ minimum: 1, maximum: EMERGENCY_MINUTES_MAX }),
});
export type NewEmergency = Static<typeof NewEmergency>;
export const NewReview = Type.Object({ justified: Type.Boolean(), note: Reason });
export type NewReview = Static<typeof NewReview>;
export const Emergency = Type.Object({
  id: Type.String(),
  actor: Who,
  reason: Type.String(),
  beganAt: Instant,
  untilAt: Instant,
  reviewedBy: Maybe(Who),
  reviewedAt: Maybe(Instant),
  justified: Maybe(Type.Boolean()),
  note: Maybe(Type.String()),
});
export type Emergency = Static<typeof Emergency>;
