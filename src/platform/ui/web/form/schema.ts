import type { Bilingual } from '../page.ts';

/** The part of JSON Schema that forms are made of; `x-` words are ours. */
export type FormSchema = {
  readonly type?: 'object' | 'string' | 'number' | 'integer' | 'boolean' | 'array';
  readonly title?: string;
  readonly description?: string;
  readonly 'x-label'?: Bilingual;
  readonly 'x-hint'?: Bilingual;
  readonly 'x-unit'?: string;
  /** Names of the choices, by value. */
  readonly 'x-choices'?: Readonly<Record<string, Bilingual>>;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  /** TypeBox writes a choice of literals as anyOf of const. */
  readonly anyOf?: readonly FormSchema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: FormSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, FormSchema>>;
  readonly required?: readonly string[];
  readonly readOnly?: boolean;
  readonly default?: unknown;
};

export type FormValue = Readonly<Record<string, unknown>>;

/** The choices of a field, whether written as enum or as anyOf of const. */
export function choicesOf(schema: FormSchema): readonly (string | number)[] | undefined {
  if (schema.enum) return schema.enum;
  const consts = schema.anyOf?.map((branch) => branch.const);
  const all = consts?.every((value) => typeof value === 'string' || typeof value === 'number');
  return all ? (consts as (string | number)[]) : undefined;
}

/** The value that the form starts from: defaults of the schema under what is known already. */
export function startValue(schema: FormSchema, known: FormValue = {}): FormValue {
  const value: Record<string, unknown> = { ...known };
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (field.type === 'object') {
      const inner = startValue(field, known[name] as FormValue | undefined);
      if (Object.keys(inner).length > 0) value[name] = inner;
    } else if (value[name] === undefined && field.default !== undefined) {
      value[name] = field.default;
    }
  }
  return value;
}

/** `value` with `next` at `path`; undefined, empty texts and emptied objects are left out. */
export function withValue(value: FormValue, path: readonly string[], next: unknown): FormValue {
  const [name, ...rest] = path as [string, ...string[]];
  const inner =
    rest.length === 0 ? next : withValue((value[name] as FormValue | undefined) ?? {}, rest, next);
  const { [name]: _former, ...others } = value;
  const gone =
    inner === undefined ||
    inner === '' ||
    (rest.length > 0 && Object.keys(inner as FormValue).length === 0);
  return gone ? others : { ...others, [name]: inner };
}
