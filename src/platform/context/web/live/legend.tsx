import { useState } from 'react';
import { formatNumber, useLanguage, useTypeName } from '#platform/ui/web';
import { contextWords } from '../words.ts';
import type { Counts, Filters } from './filters.ts';

type Props = {
  readonly colours: ReadonlyMap<string, string>;
  readonly counts: Counts;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
};

const WIDE = '(min-width: 900px)';

/** What the colours of the map mean; choosing types here is the filter by type. */
export function Legend({ colours, counts, filters, onFilters }: Props) {
  const say = contextWords.useText();
  const language = useLanguage();
  const typeName = useTypeName();
  const [open, setOpen] = useState(() => matchMedia(WIDE).matches);
  const chosen = new Set(filters.types);
  const types = [...new Set([...counts.byType.keys(), ...chosen])].sort(
    (a, b) => (counts.byType.get(b) ?? 0) - (counts.byType.get(a) ?? 0) || a.localeCompare(b),
  );
  const toggle = (type: string) => {
    if (!chosen.delete(type)) chosen.add(type);
    onFilters({ ...filters, types: [...chosen] });
  };
  return (
    <details
      className="sj-city-legend"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {say('types')}
        {chosen.size > 0 && ` · ${say('chosen', { count: chosen.size })}`}
      </summary>
      <fieldset>
        <legend className="sj-hidden">{say('types')}</legend>
        <ul>
          {types.map((type) => (
            <li key={type}>
              <label>
                <input type="checkbox" checked={chosen.has(type)} onChange={() => toggle(type)} />
                <span
                  className="sj-city-dot"
                  style={{ background: colours.get(type) ?? 'currentcolor' }}
                />
                <span className="sj-city-type">{typeName(type)}</span>
                <span className="sj-soft">
                  {formatNumber(counts.byType.get(type) ?? 0, language)}
                </span>
              </label>
            </li>
          ))}
        </ul>
        {chosen.size > 0 && (
          <button
            type="button"
            className="sj-city-plain"
            onClick={() => onFilters({ ...filters, types: [] })}
          >
            {say('allTypes')}
          </button>
        )}
        <p className="sj-soft">
          <span className="sj-city-dot sj-city-dot-demo" /> {say('demoIsHollow')}
        </p>
      </fieldset>
    </details>
  );
}
