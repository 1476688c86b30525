import type { ActionType, Schema, Type } from '@cedar-policy/cedar-wasm/nodejs';

const TEXT: Type<string> = { type: 'String' };
const TEXTS: Type<string> = { type: 'Set', element: TEXT };
const YES: Type<string> = { type: 'Boolean' };
const record = (attributes: Record<string, Type<string>>) => ({
  type: 'Record' as const,
  attributes,
});

/** The kinds of actors, as a policy calls them. */
export const PRINCIPALS = ['Nobody', 'Person', 'Application', 'Device', 'System'] as const;

/** Looking at a fact of the live picture: decided by attribute and by whole entity, never by route. */
export const SEE = 'see';

/** What a policy may ask of an actor. What an actor lacks is an empty text or set. */
const ACTOR = record({
  /** The id, as `resource.owner` has it. */
  id: TEXT,
  /** anonymous, contact, real-name or staff. */
  assurance: TEXT,
  /** Each `<post>@<body>` that the actor holds. */
  posts: TEXTS,
  /** Whom the actor acts for, by a mandate. */
  for: TEXT,
  /** The application through which the actor acts. */
  client: TEXT,
});

/** A thing of ours: an account, a record, a device; for a route it is the module, and then all but `kind` is empty. */
const THING = record({ kind: TEXT, owner: TEXT, body: TEXT, sensitivity: TEXT, tenant: TEXT });

/** An attribute of entities of a type, or (with `attribute` empty) the entities as a whole. */
const FACT = record({
  type: TEXT,
  attribute: TEXT,
  /** public, personal or restricted. */
  sensitivity: TEXT,
  /** own: the entity is the actor's; ours: it is of a body the actor belongs to; else none. */
  relation: TEXT,
});

const CONTEXT = record({ purpose: TEXT, tenant: TEXT, emergency: YES });

/** The schema that all policies of the house are validated against: its actions come from the manifests. */
export const schemaOf = (actions: readonly string[]): Schema => {
  const appliesTo = (resource: string): ActionType<string> => ({
    appliesTo: { principalTypes: [...PRINCIPALS], resourceTypes: [resource], context: CONTEXT },
  });
  return {
    '': {
      entityTypes: {
        Role: {},
        Body: { memberOfTypes: ['Body'] },
        ...Object.fromEntries(
          PRINCIPALS.map((name) => [name, { memberOfTypes: ['Role', 'Body'], shape: ACTOR }]),
        ),
        Thing: { shape: THING },
        Fact: { shape: FACT },
      },
      actions: {
        ...Object.fromEntries(actions.map((id) => [id, appliesTo('Thing')])),
        [SEE]: appliesTo('Fact'),
      },
    },
  };
};
