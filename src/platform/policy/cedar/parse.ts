import cedar, { type DetailedError, type PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { Refusal } from '#kernel/errors';
import type { Words } from '#kernel/module';

/** A module's rights fit on a few screens, or nobody reads them. */
const POLICIES_CHARACTERS_MAX = 64_000;

/** What a policy looks at of each of the four that a decision is about; the rest need not be handed over. */
export type Looked = Readonly<Record<'principal' | 'action' | 'resource' | 'context', string[]>>;
/** What it asks membership in, as `Type::id`; 'any' where it asks of what it finds in an attribute. */
type Named = readonly string[] | 'any';

export type ParsedPolicy = {
  /** `<module>/<id>`, the name by which a decision says what decided it. */
  readonly id: string;
  readonly module: string;
  readonly title: Words;
  readonly effect: 'permit' | 'forbid';
  readonly text: string;
  /** Ids of actions, or of groups of actions, that it is about; 'all' where it names none. */
  readonly actions: readonly string[] | 'all';
  readonly looks: Looked;
  readonly names: Named;
  /** The group that its head says the principal is in; without it the policy cannot apply. */
  readonly group?: string;
};

/** The first fault as a sentence, with its line where the text is at hand. */
export const sayFault = (errors: readonly DetailedError[], text?: string): string => {
  const [first] = errors;
  const start = first?.sourceLocations?.[0]?.start;
  const line =
    text === undefined || start === undefined
      ? ''
      : `Line ${text.slice(0, start).split('\n').length}: `;
  const label = first?.sourceLocations?.[0]?.label;
  return `${line}${first?.message ?? 'the text cannot be read'}${label ? `; ${label}` : ''}.`;
};

const actionsOf = ({ action }: PolicyJson): string[] | 'all' => {
  if (action.op === 'All') return 'all';
  const named =
    'entities' in action ? action.entities : 'entity' in action ? [action.entity] : undefined;
  if (!named) throw new Refusal('invalid', 'A policy names its actions; slots are not known here.');
  return named.map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id));
};

type Access = { left: { Var?: keyof Looked; '.'?: Access }; attr: string | string[] };
const isAccess = (value: object): value is Access => 'left' in value && 'attr' in value;

/**
 * Every attribute that stands directly on one of the four variables. What is reached in another way would be missing when
 * it is decided, and is refused.
 */
const looksOf = (id: string, { conditions }: PolicyJson): Looked => {
  const looks = { principal: [], action: [], resource: [], context: [] } as Record<
    keyof Looked,
    string[]
  >;
  const refuse = (): never => {
    throw new Refusal('invalid', `${id} reaches an attribute other than by its name.`);
  };
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('Var' in node && node.Var === 'context') refuse();
    if (!isAccess(node)) return Object.values(node).forEach(visit);
    const { left, attr } = node;
    if (left['.']) return visit(left);
    if (!left.Var) return refuse();
    const name = Array.isArray(attr) ? attr[0]! : attr;
    if (!looks[left.Var].includes(name)) looks[left.Var].push(name);
  };
  visit(conditions);
  return looks;
};

const namesOf = ({ principal, resource, conditions }: PolicyJson): Named => {
  const names: string[] = [];
  let any = false;
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, id } = node as { type?: unknown; id?: unknown };
    if (typeof type === 'string' && typeof id === 'string') names.push(`${type}::${id}`);
    const inside = 'in' in node && (node.in as { right?: object } | undefined)?.right;
    if (inside && !('Value' in inside) && !('Set' in inside)) any = true;
    Object.values(node).forEach(visit);
  };
  [principal, resource, conditions].forEach(visit);
  return any ? 'any' : names;
};

const groupOf = ({ principal }: PolicyJson): string | undefined => {
  if (principal.op !== 'in' || !('entity' in principal)) return undefined;
  const { entity } = principal;
  const { type, id } = '__entity' in entity ? entity.__entity : entity;
  return `${type}::${id}`;
};

const parseOne = (module: string, text: string): ParsedPolicy => {
  const parsed = cedar.policyToJson(text);
  if (parsed.type === 'failure') throw new Refusal('invalid', sayFault(parsed.errors, text));
  const { effect, annotations: { id, zh, en } = {} } = parsed.json;
  if (!id || !/^[a-z0-9-]{1,60}$/.test(id))
    throw new Refusal('invalid', `A policy of ${module} has no @id of small letters: ${text}`);
  if (!zh || !en) throw new Refusal('invalid', `The policy ${module}/${id} lacks @zh or @en.`);
  const group = groupOf(parsed.json);
  return {
    id: `${module}/${id}`,
    module,
    title: { zh, en },
    effect,
    text,
    actions: actionsOf(parsed.json),
    looks: looksOf(`${module}/${id}`, parsed.json),
    names: namesOf(parsed.json),
    ...(group === undefined ? {} : { group }),
  };
};

/** The policies of a module's text. Throws Refusal('invalid') naming the line or the policy at fault. */
export const parsePolicies = (module: string, text: string): ParsedPolicy[] => {
  if (text.length > POLICIES_CHARACTERS_MAX)
    throw new Refusal(
      'invalid',
      `Policies of ${module} exceed ${POLICIES_CHARACTERS_MAX} characters.`,
    );
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') throw new Refusal('invalid', sayFault(parts.errors, text));
  if (parts.policy_templates.length > 0)
    throw new Refusal('invalid', `Policies of ${module} hold a template, which nothing links.`);
  const policies = parts.policies
    .map((part) => parseOne(module, part))
    .toSorted((a, b) => text.indexOf(a.text) - text.indexOf(b.text));
  const twice = policies.find(({ id }, at) => policies.findIndex((p) => p.id === id) !== at);
  if (twice) throw new Refusal('invalid', `Two policies are called ${twice.id}.`);
  return policies;
};
