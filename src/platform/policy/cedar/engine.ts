import cedar, {
  type CedarValueJson,
  type EntityJson,
  type Schema,
  type TypeAndId,
} from '@cedar-policy/cedar-wasm/nodejs';
import { must, Refusal } from '#kernel/errors';
import { type ParsedPolicy, sayFault } from './parse.ts';

type Values = Readonly<Record<string, CedarValueJson>>;

/** One who acts or is acted on: who it is, what it belongs to, and its attributes, of which only those looked at travel. */
export type Party = {
  readonly uid: TypeAndId;
  readonly parents?: readonly TypeAndId[];
  readonly attributes?: Values;
};
export type Call = {
  readonly principal: Party;
  readonly action: string;
  readonly resource: Party;
  readonly context: Values;
  /** What the parents of the parties belong to in turn. */
  readonly others?: readonly EntityJson[];
};
export type Decision = { readonly allowed: boolean; readonly because: readonly string[] };

/** What is asked of all policies that are about one action. */
type Slice = {
  readonly set: string;
  readonly looks: ReadonlyMap<'principal' | 'resource' | 'context', readonly string[]>;
  /** The groups and roles that some policy asks membership in; the others need not travel. */
  readonly asksOf: (parent: TypeAndId) => boolean;
  /** The action with its groups, where one of the policies speaks of a group. */
  readonly grouped: readonly EntityJson[];
};

/** The policies about an action, and the groups that their heads ask the principal to be in. */
type About = { readonly own: readonly ParsedPolicy[]; readonly heads: ReadonlySet<string> };

/** Some for each action and kind of actor; beyond it slices are by action alone. */
const SLICES_MAX = 5_000;

type Settings = {
  readonly schema: Schema;
  readonly policies: readonly ParsedPolicy[];
  /** Each action with the groups that it is in. Others are denied. */
  readonly actions: ReadonlyMap<string, readonly string[]>;
  /** Sets stay in the library until another of their name comes: who opens engines in turn gives them one name. */
  readonly name: string;
};

/** Throws Refusal('invalid') where a policy does not fit the schema. */
const validatePolicies = (schema: Schema, policies: readonly ParsedPolicy[]): void => {
  const answer = cedar.validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])) },
  });
  if (answer.type === 'failure') throw new Refusal('invalid', sayFault(answer.errors));
  const [first] = answer.validationErrors;
  if (first) throw new Refusal('invalid', first.error.message);
};

const pick = (values: Values | undefined, names: readonly string[]): Values => {
  const picked: Record<string, CedarValueJson> = {};
  for (const name of names) {
    const value = values?.[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
};

/**
 * Cedar's decisions over policies that were parsed once and sliced by action and by what the principal is in: what cannot
 * apply is not looked at. Throws
 * Refusal('invalid') where a policy does not fit the schema.
 */
export const openEngine = ({ schema, policies, actions, name }: Settings) => {
  validatePolicies(schema, policies);
  const slices = new Map<string, Slice>();
  const abouts = new Map<string, About>();

  const aboutOf = (action: string): About => {
    const known = abouts.get(action);
    if (known) return known;
    const names = new Set([action, ...(actions.get(action) ?? [])]);
    const own = policies.filter((p) => p.actions === 'all' || p.actions.some((a) => names.has(a)));
    const about = { own, heads: new Set(own.flatMap(({ group }) => group ?? [])) };
    abouts.set(action, about);
    return about;
  };

  /** What a principal is in, of the groups that heads of policies ask for; undefined where others tell more of it. */
  const heldOf = ({ heads }: About, { principal, others = [] }: Call): string[] | undefined => {
    if (others.length > 0) return undefined;
    const { uid, parents = [] } = principal;
    return [uid, ...parents]
      .map(({ type, id }) => `${type}::${id}`)
      .filter((group) => heads.has(group))
      .toSorted();
  };

  const sliceOf = (call: Call): Slice => {
    const { action } = call;
    const about = aboutOf(action);
    const held = slices.size < SLICES_MAX ? heldOf(about, call) : undefined;
    const key = held ? `${action} ${held.join(' ')}` : action;
    const known = slices.get(key);
    if (known) return known;
    const groups = actions.get(action) ?? [];
    const own = held
      ? about.own.filter(({ group }) => group === undefined || held.includes(group))
      : about.own;
    const set = `${name}:${key}`;
    const parsed = cedar.preparsePolicySet(set, {
      staticPolicies: Object.fromEntries(own.map(({ id, text }) => [id, text])),
    });
    must(parsed.type === 'success', 'policies that were validated parse');
    const looks = new Map(
      (['principal', 'resource', 'context'] as const).map((part) => [
        part,
        [...new Set(own.flatMap((policy) => policy.looks[part]))],
      ]),
    );
    const speaksOfGroups = own.some(
      (p) => p.actions !== 'all' && p.actions.some((a) => groups.includes(a)),
    );
    const uid = { type: 'Action', id: action };
    const parents = groups.map((id) => ({ type: 'Action', id }));
    const named = new Set(own.flatMap((p) => (p.names === 'any' ? [] : p.names)));
    const any = own.some((p) => p.names === 'any');
    const slice = {
      set,
      looks,
      asksOf: ({ type, id }: TypeAndId) => any || named.has(`${type}::${id}`),
      grouped: speaksOfGroups ? [{ uid, attrs: {}, parents }] : [],
    };
    slices.set(key, slice);
    return slice;
  };

  const entitiesOf = (slice: Slice, { principal, resource, others = [] }: Call) => {
    const entities: EntityJson[] = [...slice.grouped, ...others];
    for (const [part, { uid, parents = [], attributes }] of [
      ['principal', principal],
      ['resource', resource],
    ] as const) {
      const attrs = pick(attributes, slice.looks.get(part) ?? []);
      // With others, what is asked of may stand above a parent that is not.
      const asked = others.length > 0 ? [...parents] : parents.filter(slice.asksOf);
      if (asked.length > 0 || Object.keys(attrs).length > 0)
        entities.push({ uid, attrs, parents: asked });
    }
    return entities;
  };

  return {
    policies,
    /** Denies what nobody permits, what anybody forbids, what is not declared, and what fails while it is decided. */
    decide: (call: Call): Decision => {
      if (!actions.has(call.action)) return { allowed: false, because: [] };
      const slice = sliceOf(call);
      const answer = cedar.statefulIsAuthorized({
        principal: call.principal.uid,
        action: { type: 'Action', id: call.action },
        resource: call.resource.uid,
        context: pick(call.context, slice.looks.get('context') ?? []),
        entities: entitiesOf(slice, call),
        preparsedPolicySetId: slice.set,
      });
      if (answer.type === 'failure') throw new Refusal('invalid', sayFault(answer.errors));
      const { decision, diagnostics } = answer.response;
      if (diagnostics.errors.length > 0)
        return { allowed: false, because: diagnostics.errors.map(({ policyId }) => policyId) };
      return { allowed: decision === 'allow', because: diagnostics.reason.toSorted() };
    },
  };
};
export type Engine = ReturnType<typeof openEngine>;
