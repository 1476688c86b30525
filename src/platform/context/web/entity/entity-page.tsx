import { useMemo } from 'react';
import {
  Age,
  CodeBlock,
  DemoTag,
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  paths,
  Problem,
  readRange,
  rangeText,
  StreamTag,
  TimeRangePicker,
  useChanges,
  useLanguage,
  usePageParams,
  usePageQuery,
  useRefresh,
  useTypeName,
} from '#platform/ui/web';
import { contextWords } from '../words.ts';
import { attributeName } from './attribute-name.ts';
import { EntityMap } from './entity-map.tsx';
import { FactsTable } from './facts-table.tsx';
import { HistoryChart } from './history-chart.tsx';
import type { EntityFacts } from './read-entity.ts';
import { useEntity, useEntityName } from './use-entity.ts';
import './entity.css';

/** All that is known of one entity: facts, history, place, and the same as its JSON-LD. */
export function EntityPage() {
  const say = contextWords.useText();
  const id = usePageParams()['id'] ?? '';
  const { json, entity, error, again } = useEntity(id);
  const nameOf = useEntityName();
  const crumbs = [{ text: say('liveTitle'), to: paths.city({ entity: id }) }];
  const title = nameOf(entity ?? { id, name: undefined });
  if (!entity)
    return (
      <PageFrame title={title} crumbs={[{ text: say('liveTitle'), to: paths.city() }]}>
        {error instanceof Problem && error.status === 404 ? (
          <Empty title={say('noEntity')}>{id}</Empty>
        ) : error ? (
          <ErrorState error={error} onRetry={again} />
        ) : (
          <Loading height={320} />
        )}
      </PageFrame>
    );
  return (
    <PageFrame title={title} crumbs={crumbs} about={<Head entity={entity} />}>
      <div className="sj-entity">
        <section className="sj-card sj-entity-facts" aria-labelledby="facts">
          <h2 id="facts">{say('facts')}</h2>
          <FactsTable facts={entity.facts} />
        </section>
        {entity.place && (
          <section className="sj-card sj-entity-place" aria-labelledby="place">
            <h2 id="place">{say('place')}</h2>
            <EntityMap entity={entity} name={title} />
            <PageLink to={paths.city({ entity: id })}>{say('showOnMap')}</PageLink>
          </section>
        )}
        <History entity={entity} />
        <section className="sj-card sj-entity-json" aria-labelledby="json">
          <h2 id="json">JSON-LD</h2>
          <p className="sj-soft">
            <a href={`${paths.api.entity(id)}?options=sysAttrs`}>{paths.api.entity(id)}</a>
          </p>
          <CodeBlock code={JSON.stringify(json, null, 2)} label={say('jsonOf', { name: title })} />
        </section>
      </div>
    </PageFrame>
  );
}

function Head({ entity }: { entity: EntityFacts }) {
  const say = contextWords.useText();
  const typeName = useTypeName();
  const refresh = useRefresh();
  const state = useChanges<{ id: string }>({
    types: entity.types,
    onChanges: (changes) => {
      if (changes.some(({ id }) => id === entity.id)) void refresh(paths.api.entity(entity.id));
    },
  });
  return (
    <span className="sj-panel-about">
      <span>{entity.types.map(typeName).join(', ')}</span>
      {entity.demo && <DemoTag />}
      <span>
        {say('lastSeen')} <Age at={entity.newest} />
      </span>
      <StreamTag state={state} />
      <code className="sj-entity-id">{entity.id}</code>
    </span>
  );
}

const CHARTS_MAX = 12; // of one entity at once; the table names the others

function History({ entity }: { entity: EntityFacts }) {
  const say = contextWords.useText();
  const language = useLanguage();
  const [query, change] = usePageQuery();
  const range = useMemo(
    () => readRange(query['period']) ?? nearest(entity.newest),
    [query, entity.newest],
  );
  const numbers = entity.facts
    .filter(({ value }) => typeof value === 'number')
    .slice(0, CHARTS_MAX);
  return (
    <section className="sj-entity-history" aria-labelledby="history">
      <div className="sj-entity-history-head">
        <h2 id="history">{say('history')}</h2>
        {numbers.length > 0 && (
          <TimeRangePicker value={range} onChange={(next) => change({ period: rangeText(next) })} />
        )}
      </div>
      {numbers.length === 0 ? (
        <Empty title={say('noNumbers')} />
      ) : (
        <div className="sj-entity-charts">
          {numbers.map((fact) => (
            <div key={`${fact.name} ${fact.datasetId ?? ''}`} className="sj-card">
              <h3>{attributeName(fact.name, language)}</h3>
              {fact.datasetId && <code>{fact.datasetId}</code>}
              <HistoryChart id={entity.id} fact={fact} range={range} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The last day of a thing that reports; the days around its last word for one that fell silent. */
function nearest(newest: string | undefined) {
  const at = newest === undefined ? Date.now() : Date.parse(newest);
  if (Date.now() - at < HOUR_MS) return { last: '1h' } as const;
  if (Date.now() - at < DAY_MS) return { last: '24h' } as const;
  return {
    from: new Date(at - 7 * DAY_MS).toISOString(),
    to: new Date(at + HOUR_MS).toISOString(),
  };
}
