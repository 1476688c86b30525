import { StatusTag, usePick, withQuery, PageLink } from '#platform/ui/web';
import type { ModuleOfHouse, Row } from './api.ts';
import { StateTag } from './state-tag.tsx';
import { programmeWords } from './words.ts';
import './programme.css';

type Props = {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly modules: readonly ModuleOfHouse[];
};

/** Clauses with their state, the bodies behind them and the modules that carry them. */
export function ClauseRows({ label, rows, modules }: Props) {
  const say = programmeWords.useText();
  const pick = usePick();
  const titles = new Map(modules.map(({ id, title }) => [id, pick(title)]));
  return (
    <table className="sj-clauses">
      <caption className="sj-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{say('row')}</th>
          <th scope="col">{say('state')}</th>
          <th scope="col">{say('bodies')}</th>
          <th scope="col">{say('modules')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} id={row.id}>
            <th scope="row">
              <code>{row.id}</code>
              <span>
                {pick(row.title)} {row.pilot && <StatusTag tone="warn">{say('pilot')}</StatusTag>}
              </span>
            </th>
            <td data-label={say('state')}>
              <StateTag state={row.state} />
            </td>
            <td data-label={say('bodies')}>
              {row.bodies.length === 0 ? (
                <span className="sj-soft">{say('noBodies')}</span>
              ) : (
                <span className="sj-clauses-list">
                  {row.bodies.map(({ id, name }) => (
                    <PageLink key={id} to={withQuery('/city/plan', { body: id })}>
                      {pick(name)}
                    </PageLink>
                  ))}
                </span>
              )}
            </td>
            <td data-label={say('modules')}>
              {row.modules.map((id) => titles.get(id) ?? id).join(', ') || (
                <span className="sj-soft">–</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
