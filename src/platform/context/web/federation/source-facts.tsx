import type { ReactNode } from 'react';
import { Age, formatNumber, formatTime, useLanguage } from '#platform/ui/web';
import { Offers } from './source-tags.tsx';
import type { Source } from './sources.ts';
import { federationWords } from './words.ts';

const GROUPS = [
  'federationOps',
  'associationOps',
  'retrieveOps',
  'updateOps',
  'redirectionOps',
] as const;

type Fact = readonly [string, ReactNode];

function Facts({ id, title, facts }: { id: string; title: string; facts: readonly Fact[] }) {
  return (
    <section className="sj-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl className="sj-federation-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** How a platform is doing, what it gives, and what else was registered. */
export function SourceFacts({ source }: { source: Source }) {
  const say = federationWords.useText();
  const language = useLanguage();
  const count = (value: number) => formatNumber(value, language, 0);
  const age = (at: string | null) => (at ? <Age at={at} /> : say('never'));
  const operation = (name: string) => {
    const group = GROUPS.find((one) => one === name);
    return group ? say(group) : name;
  };
  const health: readonly Fact[] = [
    [say('sent'), count(source.timesSent)],
    [say('fails'), count(source.timesFailed)],
    [say('timeouts'), count(source.timedOut)],
    [say('lastSuccess'), age(source.lastSuccess)],
    [say('lastFailure'), age(source.lastFailure)],
    ...(source.lastError ? [[say('lastError'), source.lastError] as const] : []),
  ];
  const facts: readonly Fact[] = [
    [say('mode'), say(`${source.mode}Hint`)],
    [say('operations'), source.operations.map(operation).join(', ')],
    [say('id'), <code key="id">{source.id}</code>],
    [say('tenant'), source.tenant || say('tenantDefault')],
    [say('created'), formatTime(source.createdAt, language)],
    [say('expires'), source.expiresAt ? formatTime(source.expiresAt, language) : say('never')],
    ...(source.description ? [[say('description'), source.description] as const] : []),
  ];
  return (
    <div className="sj-federation-source">
      <Facts id="health" title={say('health')} facts={health} />
      <section className="sj-card" aria-labelledby="offers">
        <h2 id="offers">{say('offers')}</h2>
        <Offers offers={source.offers} all />
      </section>
      <Facts id="facts" title={say('facts')} facts={facts} />
    </div>
  );
}
