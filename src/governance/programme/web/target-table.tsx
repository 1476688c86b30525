import { formatNumber, pick, useLanguage, type Language, type Say } from '#platform/ui/web';
import type { Target } from './api.ts';
import { StandingTag } from './state-tag.tsx';
import { programmeWords } from './words.ts';

/** The targets of the plan, and whether anything here knows their figure. */
export function TargetTable({ targets }: { targets: readonly Target[] }) {
  const say = programmeWords.useText();
  const language = useLanguage();
  return (
    <table className="sj-clauses">
      <caption className="sj-hidden">{say('targets')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('targets')}</th>
          <th scope="col">{say('target')}</th>
          <th scope="col">{say('due')}</th>
          <th scope="col">{say('standing')}</th>
        </tr>
      </thead>
      <tbody>
        {targets.map((target) => (
          <tr key={target.id} id={target.id}>
            <th scope="row">
              <code>{target.id}</code>
              <span>{pick(target.title, language)}</span>
            </th>
            <td data-label={say('target')}>{targetText(target, language, say as Say<string>)}</td>
            <td data-label={say('due')}>{target.due}</td>
            <td data-label={say('standing')}>
              <StandingTag standing={target.standing} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SIGNS: Readonly<Record<string, string>> = { gt: '> ', gte: '≥ ', eq: '' };
const SCALES: Readonly<Record<Language, readonly (readonly [number, string])[]>> = {
  'zh-CN': [
    [1e8, '\u4ebf'],
    [1e4, '\u4e07'],
  ],
  en: [
    [1e9, ' billion'],
    [1e6, ' million'],
  ],
};

/** What a target asks for, as a person writes it. */
function targetText({ target }: Target, language: Language, say: Say<string>): string {
  const { comparator, value, unit, unitName, growthPercentPerYear, statement } = target;
  if (comparator === 'statement' || value === undefined) return pick(statement, language);
  const [scale, name] = SCALES[language].find(([from]) => value >= from) ?? [1, ''];
  const number = `${formatNumber(value / scale, language)}${name}`;
  const unitText = pick(unitName, language, unit ?? '');
  const space = unitText === '%' || unitText === '' ? '' : ' ';
  const text = `${number}${space}${unitText}`;
  return [
    comparator === 'approx' ? say('about', { value: text }) : `${SIGNS[comparator] ?? ''}${text}`,
    ...(growthPercentPerYear === undefined
      ? []
      : [say('perYear', { percent: growthPercentPerYear })]),
  ].join(' · ');
}
