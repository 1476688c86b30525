import type { Actor } from '#kernel/actor';
import { type Static, Type } from 'typebox';

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

/** The purposes that a request may declare (`Sanjiang-Purpose`); any other counts as none. */
export const PURPOSES = {
  service: { zh: '办理业务', en: 'To serve somebody who asked' },
  care: { zh: '照护', en: 'To care for somebody' },
  emergency: { zh: '应急处置', en: 'To help in an emergency' },
  supervision: { zh: '监督检查', en: 'To supervise by law' },
  maintenance: { zh: '运行维护', en: 'To keep things running' },
  statistics: { zh: '统计分析', en: 'To count and compare' },
} as const;

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
