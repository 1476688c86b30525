import { Button, Segmented } from 'antd';
import { useId, useState } from 'react';
import { uiWords } from '../text/words.ts';
import { toLocalText } from './local.ts';
import { LAST_MS, rangeEnds, type TimeRange } from './range.ts';
import './time-range.css';

const LASTS = Object.keys(LAST_MS) as (keyof typeof LAST_MS)[];

type Props = { readonly value: TimeRange; readonly onChange: (range: TimeRange) => void };

/** Chooses 1 h, 24 h, 7 d, 30 d or any period. */
export function TimeRangePicker({ value, onChange }: Props) {
  const say = uiWords.useText();
  const [custom, setCustom] = useState('from' in value);
  const chosen = custom ? 'custom' : 'last' in value ? value.last : 'custom';
  return (
    <fieldset className="sj-range" aria-label={say('range')}>
      <Segmented
        value={chosen}
        onChange={(next) => {
          setCustom(next === 'custom');
          if (next !== 'custom') onChange({ last: next as keyof typeof LAST_MS });
        }}
        options={[
          ...LASTS.map((last) => ({ value: last as string, label: say(`range${last}`) })),
          { value: 'custom', label: say('rangeCustom') },
        ]}
      />
      {chosen === 'custom' && <CustomEnds value={value} onChange={onChange} />}
    </fieldset>
  );
}

function CustomEnds({ value, onChange }: Props) {
  const say = uiWords.useText();
  const id = useId();
  const [ends] = useState(() => rangeEnds(value, Date.now()));
  const [from, setFrom] = useState(() => toLocalText(ends.from));
  const [to, setTo] = useState(() => toLocalText(ends.to));
  const wrong = !(Date.parse(from) < Date.parse(to));
  return (
    <form
      className="sj-range-ends"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
      }}
    >
      <label htmlFor={`${id}f`}>{say('rangeFrom')}</label>
      <input
        id={`${id}f`}
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <label htmlFor={`${id}t`}>{say('rangeTo')}</label>
      <input
        id={`${id}t`}
        type="datetime-local"
        value={to}
        aria-invalid={wrong}
        onChange={(event) => setTo(event.target.value)}
      />
      <Button htmlType="submit" disabled={wrong} title={wrong ? say('rangeWrong') : undefined}>
        {say('rangeApply')}
      </Button>
    </form>
  );
}
