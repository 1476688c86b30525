import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import {
  readRange,
  rangeText,
  TimeRangePicker,
  usePageQuery,
  type TimeRange,
} from '#platform/ui/web';
import { useActs } from '../api.ts';
import { auditWords } from '../words.ts';

const TYPING_MS = 300;
const TEXT_CHARACTERS_MAX = 200;
const OUTCOMES = ['done', 'refused', 'failed'] as const;
export const FILTERS = ['actor', 'action', 'subject', 'outcome', 'time'] as const;
const DEFAULT_RANGE: TimeRange = { last: '7d' };

/** What narrows the log. It stands in the address, so that a question can be shared. */
export function Filters() {
  const say = auditWords.useText();
  const acts = useActs();
  const [query, change] = usePageQuery();
  const [cleared, setCleared] = useState(0);
  const clear = () => {
    change(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
    setCleared((times) => times + 1);
  };
  return (
    <>
      <Typed key={`actor${cleared}`} name="actor" label={say('actorFilter')} />
      <Typed key={`subject${cleared}`} name="subject" label={say('subjectFilter')} />
      <Select
        aria-label={say('actionFilter')}
        className="sj-audit-act"
        showSearch={{ optionFilterProp: 'label' }}
        value={query['action'] ?? ''}
        onChange={(value) => change({ action: value || undefined })}
        options={[
          { value: '', label: say('actionAny') },
          ...acts.ids.map((id) => ({ value: id, label: `${acts.name(id)} ${id}` })),
        ]}
      />
      <Select
        aria-label={say('outcome')}
        className="sj-audit-outcome"
        value={query['outcome'] ?? ''}
        onChange={(value) => change({ outcome: value || undefined })}
        options={[
          { value: '', label: say('outcomeAny') },
          ...OUTCOMES.map((value) => ({ value, label: say(value) })),
        ]}
      />
      {query['time'] === undefined ? (
        <Button onClick={() => change({ time: rangeText(DEFAULT_RANGE) })}>{say('timeAny')}</Button>
      ) : (
        <TimeRangePicker
          value={readRange(query['time']) ?? DEFAULT_RANGE}
          onChange={(range) => change({ time: rangeText(range) })}
        />
      )}
      {FILTERS.some((name) => query[name]) && (
        <Button type="link" onClick={clear}>
          {say('clear')}
        </Button>
      )}
    </>
  );
}

/** Asks when the typing pauses. */
function Typed({ name, label }: { name: 'actor' | 'subject'; label: string }) {
  const [query, change] = usePageQuery();
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>();
  const ask = (text: string) => {
    clearTimeout(timer);
    setTimer(setTimeout(() => change({ [name]: text.trim() || undefined }), TYPING_MS));
  };
  return (
    <Input
      allowClear
      className="sj-audit-text"
      aria-label={label}
      placeholder={label}
      maxLength={TEXT_CHARACTERS_MAX}
      defaultValue={query[name] ?? ''}
      onChange={(event) => ask(event.target.value)}
    />
  );
}
