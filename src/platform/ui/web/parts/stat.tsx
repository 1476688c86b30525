import type { ReactNode } from 'react';
import { useLanguage } from '../text/language.ts';
import { formatNumber } from '../time/format.ts';
import './parts.css';

type Props = {
  readonly label: ReactNode;
  /** A number is grouped by the language's rules; undefined shows a dash. */
  readonly value: number | string | undefined;
  readonly unit?: string;
  /** A line below: source, age, comparison. */
  readonly note?: ReactNode;
  readonly digits?: number;
};

/** One figure with its label and unit. */
export function Stat({ label, value, unit, note, digits }: Props) {
  const language = useLanguage();
  const text = typeof value === 'string' ? value : formatNumber(value, language, digits);
  return (
    <div className="sj-stat">
      <span className="sj-stat-label">{label}</span>
      <span className="sj-stat-value">
        {text}
        {unit && <small>{unit}</small>}
      </span>
      {note && <span className="sj-stat-note">{note}</span>}
    </div>
  );
}
