import { useId, type ReactNode } from 'react';
import { usePick } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { FieldInput } from './field-input.tsx';
import type { FormSchema, FormValue } from './schema.ts';

type Props = {
  readonly schema: FormSchema;
  readonly value: FormValue;
  readonly path: readonly string[];
  readonly problemAt: (pointer: string) => string | undefined;
  readonly onChange: (path: readonly string[], next: unknown) => void;
};

/** The fields of an object, one below the other; an object inside is a group with a heading. */
export function Fields({ schema, value, path, problemAt, onChange }: Props) {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const at = [...path, name];
    const required = schema.required?.includes(name) ?? false;
    if (field.type !== 'object') {
      return (
        <Field
          key={name}
          {...{ name, field, required }}
          pointer={pointerOf(at)}
          value={value[name]}
          problem={problemAt(pointerOf(at))}
          onChange={(next) => onChange(at, next)}
        />
      );
    }
    return (
      <Group key={name} name={name} schema={field}>
        <Fields
          schema={field}
          value={(value[name] as FormValue | undefined) ?? {}}
          path={at}
          {...{ problemAt, onChange }}
        />
      </Group>
    );
  });
}

type FieldProps = {
  readonly name: string;
  readonly field: FormSchema;
  readonly required: boolean;
  readonly pointer: string;
  readonly value: unknown;
  readonly problem: string | undefined;
  readonly onChange: (next: unknown) => void;
};

function Field({ name, field, required, pointer, value, problem, onChange }: FieldProps) {
  const say = uiWords.useText();
  const pick = usePick();
  const id = useId();
  const hint = pick(field['x-hint'], field.description ?? '');
  const describedBy = [hint && `${id}h`, problem && `${id}e`].filter(Boolean).join(' ');
  return (
    <div className="sj-field" data-wrong={problem ? true : undefined}>
      <label htmlFor={id}>
        {pick(field['x-label'], field.title ?? name)}
        {field['x-unit'] && <small> ({field['x-unit']})</small>}
        {required && <span className="sj-field-required">{say('formRequired')}</span>}
      </label>
      <FieldInput
        {...{ id, field, value, pointer, required, onChange }}
        wrong={problem !== undefined}
        describedBy={describedBy || undefined}
      />
      {hint && (
        <small id={`${id}h`} className="sj-soft">
          {hint}
        </small>
      )}
      {problem && (
        <small id={`${id}e`} className="sj-form-error">
          {problem}
        </small>
      )}
    </div>
  );
}

function Group({
  name,
  schema,
  children,
}: {
  name: string;
  schema: FormSchema;
  children: ReactNode;
}) {
  const pick = usePick();
  return (
    <fieldset className="sj-fieldset">
      <legend>{pick(schema['x-label'], schema.title ?? name)}</legend>
      {children}
    </fieldset>
  );
}

function pointerOf(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
