import { type Actor, ANONYMOUS, isWithinScopes } from '#kernel/actor';
import type { Manifest } from '#kernel/module';
import { keyOf, partyOf } from './cedar/actor.ts';
import { type Decision, type Engine, openEngine } from './cedar/engine.ts';
import { SEE, schemaOf } from './cedar/schema.ts';
import type { Fact, Question, Resource } from './contract.ts';
import { listActions, policiesOf, readBooks } from './library.ts';

/** Decisions about no particular thing are few and asked for over and over. */
const REMEMBERED_MAX = 20_000;
const DENIED: Decision = { allowed: false, because: [] };
let opened = 0;

const thingOf = ({ kind, id = '', owner, body, sensitivity, tenant }: Resource) => ({
  uid: { type: 'Thing', id: `${kind}/${id}` },
  attributes: {
    kind,
    owner: owner ?? '',
    body: body ?? '',
    sensitivity: sensitivity ?? 'public',
    tenant: tenant ?? '',
  },
});

type Settings = {
  readonly manifests: readonly Manifest[];
  /** Whether an actor has broken the glass and its time is not over. */
  readonly isEmergency: (actor: Actor) => boolean;
  /** Told of each decision that was not remembered. */
  readonly noted?: (question: Question, decision: Decision) => void;
};

/** All rights of the house as they stand: what modules were delivered with, and the texts that took the place of some. */
export const openRights = ({ manifests, isEmergency, noted }: Settings) => {
  const books = readBooks(manifests);
  const actions = listActions(manifests);
  const schema = schemaOf(actions.map(({ id }) => id));
  const groups = new Map([...actions.map(({ id }) => id), SEE].map((id) => [id, []]));
  const moduleOf = new Map(actions.map(({ id, module }) => [id, module]));
  const name = `rights-${++opened}`;

  /** An engine with other texts; of trials the last one counts. Throws Refusal('invalid') naming the fault. */
  const engineWith = (texts: ReadonlyMap<string, string>, as: string): Engine =>
    openEngine({
      schema,
      actions: groups,
      name: `${name}-${as}`,
      policies: books.flatMap((book) => policiesOf(book, texts.get(book.module) ?? book.text)),
    });
  let engine = engineWith(new Map(), 'live');
  let remembered = new Map<string, Decision>();

  const decideBy = (by: Engine, { actor, action, resource, purpose }: Question): Decision => {
    const module = moduleOf.get(action);
    if (module === undefined) return DENIED;
    // The limits of a token or a mandate never close what is open to everybody.
    const who = isWithinScopes(actor, action) ? actor : ANONYMOUS;
    return by.decide({
      principal: partyOf(who),
      action,
      resource: thingOf(resource ?? { kind: module }),
      context: {
        purpose: purpose ?? actor.purpose ?? '',
        tenant: resource?.tenant ?? '',
        emergency: who === actor && isEmergency(actor),
      },
    });
  };

  const decide = (question: Question): Decision => {
    const { actor, action, resource, purpose } = question;
    const key = resource
      ? undefined
      : `${action}\n${purpose ?? ''}\n${isEmergency(actor)}\n${keyOf(actor)}`;
    const before = key === undefined ? undefined : remembered.get(key);
    if (before) return before;
    const decision = decideBy(engine, question);
    noted?.(question, decision);
    if (key !== undefined) {
      if (remembered.size >= REMEMBERED_MAX) remembered = new Map();
      remembered.set(key, decision);
    }
    return decision;
  };

  return {
    books,
    actions,
    engineWith,
    decideBy,
    decide,
    /** The same without a trace, for who asks on behalf of others. */
    answer: (question: Question): Decision => decideBy(engine, question),
    allows: (actor: Actor, action: string): boolean => decide({ actor, action }).allowed,
    /** Whether an actor sees a fact of the live picture. */
    sees: (actor: Actor, { type, attribute = '', sensitivity, relation }: Fact): boolean =>
      engine.decide({
        principal: partyOf(actor),
        action: SEE,
        resource: {
          uid: { type: 'Fact', id: `${type}/${attribute}` },
          attributes: { type, attribute, sensitivity, relation },
        },
        context: { purpose: actor.purpose ?? '', tenant: '', emergency: isEmergency(actor) },
      }).allowed,
    policies: () => engine.policies,
    /** Puts other texts in force. Throws Refusal('invalid') and leaves all as it was. */
    replace: (texts: ReadonlyMap<string, string>): void => {
      engine = engineWith(texts, 'live');
      remembered = new Map();
    },
  };
};
export type Rights = ReturnType<typeof openRights>;
