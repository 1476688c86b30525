import { Segmented } from 'antd';
import { useId, type ReactNode } from 'react';
import { formatNumber, StreamTag, useLanguage, usePick, type StreamState } from '#platform/ui/web';
import { contextWords } from '../words.ts';
import type { District } from './district-of.ts';
import { NONE, type Counts, type Filters } from './filters.ts';
import type { CitySystem } from './systems.ts';

type Props = {
  readonly filters: Filters;
  readonly counts: Counts;
  readonly systems: readonly CitySystem[];
  readonly districts: readonly District[];
  /** Districts are the official ones, not the nearest seat. */
  readonly exact: boolean;
  readonly state: StreamState;
  readonly asList: boolean;
  readonly tools?: ReactNode;
  readonly onFilters: (filters: Filters) => void;
  readonly onList: (list: boolean) => void;
};

/** What is shown and how: map or list, system, district, demonstration. */
export function FilterBar(props: Props) {
  const { filters, counts, systems, districts, exact, state, asList, onFilters, onList } = props;
  const say = contextWords.useText();
  const pick = usePick();
  return (
    <search className="sj-city-bar" aria-label={say('filters')}>
      <Segmented
        aria-label={say('viewAs')}
        value={asList ? 'list' : 'map'}
        onChange={(next) => onList(next === 'list')}
        options={[
          { value: 'map', label: say('viewMap') },
          { value: 'list', label: say('viewList') },
        ]}
      />
      <Choice
        label={say('system')}
        all={say('allSystems')}
        none={say('noSystem')}
        value={filters.system}
        counts={counts.bySystem}
        options={systems.map(({ id, name }) => ({ id, text: `${id} ${pick(name)}` }))}
        onChange={(system) => onFilters({ ...filters, system })}
      />
      <Choice
        label={say(exact ? 'district' : 'districtApproximate')}
        all={say('allDistricts')}
        none={say('noDistrict')}
        value={filters.district}
        counts={counts.byDistrict}
        options={districts.map(({ id, name }) => ({ id, text: pick(name) }))}
        onChange={(district) => onFilters({ ...filters, district })}
      />
      <label className="sj-city-check">
        <input
          type="checkbox"
          checked={!filters.hideDemo}
          onChange={(event) => onFilters({ ...filters, hideDemo: !event.target.checked })}
        />
        {say('showDemo')}
      </label>
      {props.tools}
      <span className="sj-city-stream">
        <StreamTag state={state} />
      </span>
    </search>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly all: string;
  readonly none: string;
  readonly value: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly options: readonly { readonly id: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
};

function Choice({ label, all, none, value, counts, options, onChange }: ChoiceProps) {
  const id = useId();
  const language = useLanguage();
  const count = (key: string) => ` (${formatNumber(counts.get(key) ?? 0, language)})`;
  return (
    <span className="sj-city-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.text}
            {count(option.id)}
          </option>
        ))}
        <option value={NONE}>
          {none}
          {count(NONE)}
        </option>
      </select>
    </span>
  );
}
