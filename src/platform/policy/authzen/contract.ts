import { type Static, Type } from 'typebox';

const TEXT_CHARACTERS_MAX = 512;
/** As many as one page of a table needs, and somewhat more. */
const EVALUATIONS_MAX = 1000;
export const PAGE_ITEMS_MAX = 1000;

const Text = Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX });
const Properties = Type.Optional(Type.Record(Type.String(), Type.Unknown()));

/** Section 5.1 to 5.4: the information model. Members that we do not know are left to the caller's use. */
const Subject = Type.Object({ type: Text, id: Text, properties: Properties });
const Resource = Type.Object({ type: Text, id: Text, properties: Properties });
const Action = Type.Object({ name: Text, properties: Properties });
const Context = Type.Record(Type.String(), Type.Unknown());
const Kind = Type.Object({ type: Text, properties: Properties });

const Page = Type.Object({
  token: Type.Optional(Type.String({ maxLength: TEXT_CHARACTERS_MAX })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS_MAX })),
  properties: Properties,
});

export const Evaluation = Type.Object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: Type.Optional(Context),
});
export type Evaluation = Static<typeof Evaluation>;

export const Evaluations = Type.Object({
  subject: Type.Optional(Subject),
  action: Type.Optional(Action),
  resource: Type.Optional(Resource),
  context: Type.Optional(Context),
  evaluations: Type.Optional(Type.Array(Type.Partial(Evaluation), { maxItems: EVALUATIONS_MAX })),
  options: Type.Optional(
    Type.Object({
      evaluations_semantic: Type.Optional(
        Type.Union([
          Type.Literal('execute_all'),
          Type.Literal('deny_on_first_deny'),
          Type.Literal('permit_on_first_permit'),
        ]),
      ),
    }),
  ),
});
export type Evaluations = Static<typeof Evaluations>;

export const Decided = Type.Object({
  decision: Type.Boolean(),
  context: Type.Optional(Context),
});
export type Decided = Static<typeof Decided>;
export const DecidedMany = Type.Object({ evaluations: Type.Array(Decided) });

const paged = { context: Type.Optional(Context), page: Type.Optional(Page) };
export const SubjectSearch = Type.Object({
  subject: Kind,
  action: Action,
  resource: Resource,
  ...paged,
});
export const ResourceSearch = Type.Object({
  subject: Subject,
  action: Action,
  resource: Kind,
  ...paged,
});
export const ActionSearch = Type.Object({ subject: Subject, resource: Resource, ...paged });

const FoundPage = Type.Object({ next_token: Type.String() });
export const FoundThings = Type.Object({
  results: Type.Array(Type.Object({ type: Type.String(), id: Type.String() })),
  page: FoundPage,
});
export const FoundActions = Type.Object({
  results: Type.Array(Type.Object({ name: Type.String() })),
  page: FoundPage,
});

export const Metadata = Type.Object({
  policy_decision_point: Type.String(),
  access_evaluation_endpoint: Type.String(),
  access_evaluations_endpoint: Type.String(),
  search_subject_endpoint: Type.String(),
  search_resource_endpoint: Type.String(),
  search_action_endpoint: Type.String(),
});
