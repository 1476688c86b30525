import { Age, useLanguage } from '#platform/ui/web';
import { contextWords } from '../words.ts';
import { attributeName } from './attribute-name.ts';
import type { Fact } from './read-entity.ts';
import { useRegisterName } from './register-names.ts';
import { Value } from './value.tsx';
import './entity.css';

type Props = {
  readonly facts: readonly Fact[];
  readonly short?: boolean;
};

/** What is known: value with unit, source, age. `short` leaves out what only the entity's page has room for. */
export function FactsTable({ facts, short = false }: Props) {
  const say = contextWords.useText();
  const language = useLanguage();
  const registerName = useRegisterName();
  const sourced = !short && facts.some(({ sources }) => sources.length > 0);
  return (
    <table className="sj-facts" data-short={short || undefined}>
      <caption className="sj-hidden">{say('facts')}</caption>
      <thead className={short ? 'sj-hidden' : undefined}>
        <tr>
          <th scope="col">{say('fact')}</th>
          <th scope="col">{say('value')}</th>
          {sourced && (
            <th scope="col" className="sj-facts-source">
              {say('source')}
            </th>
          )}
          <th scope="col">{say('age')}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={`${fact.name} ${fact.datasetId ?? ''}`}>
            <th scope="row">
              {attributeName(fact.name, language)}
              {!short && <code>{fact.name}</code>}
              {!short && fact.datasetId && <code>{fact.datasetId}</code>}
            </th>
            <td>
              {registerName(fact.name, fact.value) ?? <Value fact={fact} />}
              {short && fact.sources.length > 0 && (
                <span className="sj-soft"> · {fact.sources.join(', ')}</span>
              )}
              {!short && fact.about.length > 0 && <About facts={fact.about} />}
            </td>
            {sourced && (
              <td className="sj-facts-source">
                {fact.sources.join(', ') || <span className="sj-soft">–</span>}
              </td>
            )}
            <td>
              {fact.observedAt ? (
                <Age at={fact.observedAt} />
              ) : short ? null : (
                <span className="sj-soft">
                  <Age at={fact.modifiedAt} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function About({ facts }: { facts: readonly Fact[] }) {
  const language = useLanguage();
  return (
    <dl className="sj-facts-about">
      {facts.map((fact) => (
        <div key={`${fact.name} ${fact.datasetId ?? ''}`}>
          <dt>{attributeName(fact.name, language)}</dt>
          <dd>
            <Value fact={fact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
