import { choicesOf, type FormSchema, type FormValue } from './schema.ts';

/** One field that is not right: where (a JSON Pointer), which text says so, and its limit. */
export type FieldError = {
  readonly pointer: string;
  readonly key:
    | 'formRequired'
    | 'formNotNumber'
    | 'formNotInteger'
    | 'formMin'
    | 'formMax'
    | 'formMinLength'
    | 'formMaxLength'
    | 'formMinItems'
    | 'formMaxItems'
    | 'formPattern'
    | 'formEnum'
    | 'formDate'
    | 'formUri'
    | 'formEmail';
  readonly limit?: number;
};

/** What is wrong with a form, field by field, in the order of the schema. The server judges again. */
export function validate(schema: FormSchema, value: FormValue, pointer = ''): FieldError[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const given = value[name];
    const required = schema.required?.includes(name) ?? false;
    if (field.type === 'object') {
      return given === undefined && !required
        ? []
        : validate(field, (given ?? {}) as FormValue, at);
    }
    if (given === undefined || given === '') {
      return required ? [{ pointer: at, key: 'formRequired' as const }] : [];
    }
    const wrong = checkField(field, given);
    return wrong ? [{ pointer: at, ...wrong }] : [];
  });
}

type Wrong = Omit<FieldError, 'pointer'>;

function checkField(field: FormSchema, given: unknown): Wrong | undefined {
  const choices = choicesOf(field);
  if (choices) return choices.includes(given as string) ? undefined : { key: 'formEnum' };
  if (field.type === 'number' || field.type === 'integer') return checkNumber(field, given);
  if (field.type === 'array') return checkList(field, given as unknown[]);
  return field.type === 'boolean' ? undefined : checkText(field, String(given));
}

function checkNumber(field: FormSchema, given: unknown): Wrong | undefined {
  if (typeof given !== 'number' || !Number.isFinite(given)) return { key: 'formNotNumber' };
  if (field.type === 'integer' && !Number.isInteger(given)) return { key: 'formNotInteger' };
  if (given < (field.minimum ?? -Infinity)) return { key: 'formMin', limit: field.minimum! };
  if (given > (field.maximum ?? Infinity)) return { key: 'formMax', limit: field.maximum! };
  return undefined;
}

function checkList(field: FormSchema, given: unknown[]): Wrong | undefined {
  if (given.length < (field.minItems ?? 0)) return { key: 'formMinItems', limit: field.minItems! };
  if (given.length > (field.maxItems ?? Infinity)) {
    return { key: 'formMaxItems', limit: field.maxItems! };
  }
  const wrong = given.map((item) => (field.items ? checkField(field.items, item) : undefined));
  return wrong.find((one) => one !== undefined);
}

function checkText(field: FormSchema, given: string): Wrong | undefined {
  const length = [...given].length; // JSON Schema counts characters, not UTF-16 units
  if (length < (field.minLength ?? 0)) return { key: 'formMinLength', limit: field.minLength! };
  if (length > (field.maxLength ?? Infinity)) {
    return { key: 'formMaxLength', limit: field.maxLength! };
  }
  if (field.pattern && !new RegExp(field.pattern, 'u').test(given)) return { key: 'formPattern' };
  return checkFormat(field.format, given);
}

function checkFormat(format: string | undefined, given: string): Wrong | undefined {
  switch (format) {
    case 'date':
      return isDate(given) ? undefined : { key: 'formDate' };
    case 'date-time':
      return Number.isNaN(Date.parse(given)) ? { key: 'formDate' } : undefined;
    case 'uri':
      return URL.canParse(given) ? undefined : { key: 'formUri' };
    case 'email':
      return /^[^@\s]+@[^@\s]+$/.test(given) ? undefined : { key: 'formEmail' };
    default:
      return undefined;
  }
}

/** A day that exists: 30 February is refused. */
function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
