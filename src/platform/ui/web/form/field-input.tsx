import { Input, InputNumber, Select, Switch } from 'antd';
import { usePick } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { fromLocalText, toLocalText } from '../time/local.ts';
import { choicesOf, type FormSchema } from './schema.ts';

const LONG_TEXT_FROM = 200; // longer texts get more than one line

type Props = {
  readonly id: string;
  readonly field: FormSchema;
  readonly value: unknown;
  readonly pointer: string;
  readonly required: boolean;
  readonly wrong: boolean;
  readonly describedBy: string | undefined;
  readonly onChange: (next: unknown) => void;
};

/** The control that fits a field's schema. */
export function FieldInput({ field, value, wrong, onChange, ...rest }: Props) {
  const say = uiWords.useText();
  const pick = usePick();
  const choices = choicesOf(field);
  const shared = {
    id: rest.id,
    'data-pointer': rest.pointer,
    'aria-required': rest.required,
    'aria-invalid': wrong,
    'aria-describedby': rest.describedBy,
    disabled: field.readOnly ?? false,
    ...(wrong ? { status: 'error' as const } : {}),
  };

  if (choices) {
    return (
      <Select
        {...shared}
        allowClear={!rest.required}
        showSearch={choices.length > 10 ? { optionFilterProp: 'label' } : false}
        value={value as string | undefined}
        onChange={onChange}
        options={choices.map((choice) => ({
          value: choice,
          label: pick(field['x-choices']?.[String(choice)], String(choice)),
        }))}
      />
    );
  }
  if (field.type === 'boolean') {
    return (
      <Switch
        {...shared}
        checked={value === true}
        checkedChildren={say('formYes')}
        unCheckedChildren={say('formNo')}
        onChange={onChange}
      />
    );
  }
  if (field.type === 'number' || field.type === 'integer') {
    return (
      <InputNumber
        {...shared}
        value={(value as number | undefined) ?? null}
        onChange={(next) => onChange(next ?? undefined)}
        {...(field.type === 'integer' ? { step: 1 } : {})}
      />
    );
  }
  if (field.type === 'array') {
    return (
      <Select
        {...shared}
        mode="tags"
        placeholder={say('formArrayHint')}
        value={(value as string[] | undefined) ?? []}
        onChange={(next: string[]) => onChange(next.length > 0 ? next : undefined)}
        options={(field.items?.enum ?? []).map((one) => ({ value: String(one) }))}
      />
    );
  }
  const text = (value as string | undefined) ?? '';
  if (field.format === 'date-time') {
    return (
      <Input
        {...shared}
        type="datetime-local"
        value={toLocalText(text)}
        onChange={(event) => onChange(fromLocalText(event.target.value))}
      />
    );
  }
  if (!field.format && (field.maxLength ?? 0) >= LONG_TEXT_FROM) {
    return (
      <Input.TextArea
        {...shared}
        autoSize={{ minRows: 3, maxRows: 10 }}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...shared}
      type={inputType(field.format)}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function inputType(format: string | undefined): string {
  const types: Record<string, string> = {
    date: 'date',
    email: 'email',
    uri: 'url',
    password: 'password',
  };
  return types[format ?? ''] ?? 'text';
}
