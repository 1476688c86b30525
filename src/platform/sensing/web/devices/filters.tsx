import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { usePageQuery, usePick } from '#platform/ui/web';
import { useNames } from '../api.ts';
import { CLASSES, useClassName } from './classes.ts';
import { devicesWords } from './words.ts';

const TYPING_MS = 250;
const STATES = ['live', 'late', 'silent', 'new', 'revoked'] as const;
const NAMES = ['q', 'state', 'class', 'district'] as const;

/** What narrows the list. It stands in the address, so that a list can be shared. */
export function Filters() {
  const say = devicesWords.useText();
  const pick = usePick();
  const className = useClassName();
  const { districts } = useNames();
  const [query, change] = usePageQuery();
  const [cleared, setCleared] = useState(0);
  const clear = () => {
    change(Object.fromEntries(NAMES.map((name) => [name, undefined])));
    setCleared((times) => times + 1);
  };
  const choose = (
    name: (typeof NAMES)[number],
    any: string,
    options: readonly { value: string; label: string }[],
  ) => (
    <Select
      aria-label={any}
      className="sj-devices-filter"
      value={query[name] ?? ''}
      onChange={(value) => change({ [name]: value || undefined })}
      options={[{ value: '', label: any }, ...options]}
    />
  );
  return (
    <>
      <Search key={cleared} />
      {choose(
        'state',
        say('stateAny'),
        STATES.map((value) => ({ value, label: say(value) })),
      )}
      {choose(
        'class',
        say('classAny'),
        CLASSES.map((value) => ({ value, label: `${value} ${className(value)}` })),
      )}
      {choose(
        'district',
        say('districtAny'),
        districts.map(({ id, name }) => ({ value: id, label: pick(name, id) })),
      )}
      {NAMES.some((name) => query[name]) && (
        <Button type="link" onClick={clear}>
          {say('clear')}
        </Button>
      )}
    </>
  );
}

/** Asks when the typing pauses. */
function Search() {
  const say = devicesWords.useText();
  const [query, change] = usePageQuery();
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>();
  const ask = (text: string) => {
    clearTimeout(timer);
    setTimer(setTimeout(() => change({ q: text.trim() || undefined }), TYPING_MS));
  };
  return (
    <Input
      allowClear
      className="sj-devices-search"
      aria-label={say('search')}
      placeholder={say('search')}
      maxLength={100}
      defaultValue={query['q'] ?? ''}
      onChange={(event) => ask(event.target.value)}
    />
  );
}
