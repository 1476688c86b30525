import { useEffect } from 'react';
import {
  Age,
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  paths,
  StatusTag,
  useApi,
  usePageParams,
  usePick,
  useTypeName,
  withQuery,
} from '#platform/ui/web';
import { partsOf, typesOf, useDoors, useModules, usePlan, useTargets, type Group } from './api.ts';
import { ClauseRows } from './clause-rows.tsx';
import { contextCrumb } from './crumb.ts';
import { TargetTable } from './target-table.tsx';
import { programmeWords } from './words.ts';
import './programme.css';

/** One group of the plan: its clauses, the bodies behind them, and what of it is there. */
export function GroupPage() {
  const say = programmeWords.useText();
  const pick = usePick();
  const id = usePageParams()['group'] ?? '';
  const { data: plan, error, refetch } = usePlan();
  const modules = useModules().data?.modules ?? [];
  const group = plan?.groups.find((one) => one.id === id);
  useEffect(() => {
    if (group) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [group]);
  const crumbs = [contextCrumb(pick, paths.city()), { text: say('planTitle'), to: '/city/plan' }];
  if (!plan || !group)
    return (
      <PageFrame title={id} crumbs={crumbs}>
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : plan ? (
          <Empty title={say('noGroup')}>{id}</Empty>
        ) : (
          <Loading height={400} />
        )}
      </PageFrame>
    );
  const part = partsOf(group);
  return (
    <PageFrame
      title={group.id === group.part ? pick(group.title) : `${group.id} ${pick(group.title)}`}
      crumbs={crumbs}
      about={
        <>
          {say('worksOf', { works: group.works, of: group.of })}
          {part > 0 && ` · ${say('inPart', { count: part })}`}{' '}
          {group.pilot && <StatusTag tone="warn">{say('pilot')}</StatusTag>}
        </>
      }
      actions={
        group.system && <PageLink to={paths.city({ system: group.id })}>{say('onMap')}</PageLink>
      }
    >
      <div className="sj-card">
        {group.part === 'T' ? (
          <OwnTargets />
        ) : (
          <ClauseRows label={pick(group.title)} rows={group.rows} modules={modules} />
        )}
      </div>
      {group.part !== 'T' && <WhatIsThere group={group} />}
    </PageFrame>
  );
}

function OwnTargets() {
  const { data, error, refetch } = useTargets();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return data ? <TargetTable targets={data.items} /> : <Loading />;
}

type Types = {
  readonly types: readonly {
    readonly type: string;
    readonly count: number;
    readonly demo: number;
    readonly newest: string;
  }[];
};
const REFRESH_MS = 15_000;

/** The modules that carry the group, the doors they open, and the things of theirs that are live. */
function WhatIsThere({ group }: { group: Group }) {
  const say = programmeWords.useText();
  const pick = usePick();
  const modules = useModules().data?.modules ?? [];
  const doors = useDoors().data?.doors ?? [];
  const ids = new Set(group.rows.flatMap((row) => row.modules));
  const own = modules.filter(({ id }) => ids.has(id));
  const feeds = doors.filter((door) => ids.has(door.module));
  return (
    <section className="sj-there" aria-labelledby="there">
      <h2 id="there">{say('whatIsThere')}</h2>
      {own.length === 0 ? (
        <Empty title={say('noModules')} />
      ) : (
        <div className="sj-there-cards">
          <div className="sj-card">
            <h3>{say('modules')}</h3>
            <ul>
              {own.map(({ id, title }) => (
                <li key={id}>
                  {pick(title)} <code>{id}</code>
                </li>
              ))}
            </ul>
          </div>
          <div className="sj-card">
            <h3>{say('feeds')}</h3>
            {feeds.length === 0 && <p className="sj-soft">{say('noFeeds')}</p>}
            <ul>
              {feeds.map(({ standard, version, at, implemented }) => (
                <li key={`${standard} ${at}`}>
                  <strong>
                    {standard} {version}
                  </strong>
                  <p className="sj-soft">{pick(implemented)}</p>
                </li>
              ))}
            </ul>
          </div>
          <LiveThings types={typesOf(group.rows, modules)} />
        </div>
      )}
    </section>
  );
}

function LiveThings({ types }: { types: readonly string[] }) {
  const say = programmeWords.useText();
  const typeName = useTypeName();
  const { data, error, refetch } = useApi<Types>(paths.api.entityTypes(), {
    refreshMs: REFRESH_MS,
  });
  const live = data?.types.filter(({ type }) => types.includes(type)) ?? [];
  return (
    <div className="sj-card">
      <h3>{say('things')}</h3>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && live.length === 0 && <p className="sj-soft">{say('noThings')}</p>}
      <ul>
        {live.map(({ type, count, demo, newest }) => (
          <li key={type}>
            <PageLink to={withQuery(paths.city(), { types: type })}>{typeName(type)}</PageLink>{' '}
            <b>{count}</b>{' '}
            <span className="sj-soft">
              {demo > 0 && `${say('demoOf', { count: demo })} · `}
              {say('newest')} <Age at={newest} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
