import { Button } from 'antd';
import { useRef, useState, type FormEvent } from 'react';
import { Problem } from '../api/request.ts';
import { ErrorState } from '../parts/states.tsx';
import { uiWords } from '../text/words.ts';
import { Fields } from './fields.tsx';
import { startValue, withValue, type FormSchema, type FormValue } from './schema.ts';
import { validate, type FieldError } from './validate.ts';
import './form.css';

export type SchemaFormProps = {
  readonly schema: FormSchema;
  readonly value?: FormValue;
  /** Called with a value that satisfies the schema; a `Problem` it throws is shown in the form. */
  readonly onSubmit: (value: FormValue) => Promise<unknown> | void;
  readonly submit?: string;
  readonly onCancel?: () => void;
};

/** A form made from a JSON Schema. Errors stand at their fields, in the person's language. */
export function SchemaForm({ schema, value, onSubmit, submit, onCancel }: SchemaFormProps) {
  const say = uiWords.useText();
  const form = useRef<HTMLFormElement>(null);
  const [now, setNow] = useState(() => startValue(schema, value));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();
  const errors = tried ? validate(schema, now) : [];

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setRefusal(undefined);
    const [first] = validate(schema, now);
    if (first) {
      form.current
        ?.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(first.pointer)}"]`)
        ?.focus();
      return;
    }
    setBusy(true);
    try {
      await onSubmit(now);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className="sj-form" noValidate onSubmit={(event) => void send(event)}>
      <Fields
        schema={schema}
        value={now}
        path={[]}
        problemAt={(pointer) => message(say, errors, pointer)}
        onChange={(path, next) => setNow((before) => withValue(before, path, next))}
      />
      <div aria-live="polite">
        {errors.length > 0 && (
          <p className="sj-form-error">{say('formErrors', { count: errors.length })}</p>
        )}
      </div>
      {refusal !== undefined && <ErrorState error={refusal} />}
      <div className="sj-form-actions">
        <Button type="primary" htmlType="submit" loading={busy}>
          {submit ?? say('save')}
        </Button>
        {onCancel && <Button onClick={onCancel}>{say('cancel')}</Button>}
      </div>
    </form>
  );
}

function message(
  say: ReturnType<typeof uiWords.useText>,
  errors: readonly FieldError[],
  pointer: string,
): string | undefined {
  const error = errors.find((one) => one.pointer === pointer);
  return error && say(error.key, error.limit === undefined ? {} : { limit: error.limit });
}
