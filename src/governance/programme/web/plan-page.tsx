import {
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  paths,
  usePageQuery,
  usePick,
} from '#platform/ui/web';
import {
  groupPath,
  partsOf,
  useModules,
  usePlan,
  useTargets,
  type Group,
  type Plan,
} from './api.ts';
import { ClauseRows } from './clause-rows.tsx';
import { TargetTable } from './target-table.tsx';
import { contextCrumb } from './crumb.ts';
import { programmeWords } from './words.ts';
import './programme.css';

const TARGETS = 'T';

/** The whole plan: every clause with its state and its bodies, and the targets with their standing. */
export function PlanPage() {
  const say = programmeWords.useText();
  const pick = usePick();
  const [query, change] = usePageQuery();
  const { data: plan, error, refetch } = usePlan();
  const body = query['body'];
  return (
    <PageFrame
      title={pick(plan?.title, say('planTitle'))}
      about={say('planAbout')}
      crumbs={[contextCrumb(pick, paths.city())]}
    >
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !plan ? (
        <Loading height={400} />
      ) : (
        <>
          {body && <OfBody plan={plan} body={body} onAll={() => change({ body: undefined })} />}
          <Sum plan={plan} />
          <Parts plan={plan} body={body} />
        </>
      )}
    </PageFrame>
  );
}

function OfBody({ plan, body, onAll }: { plan: Plan; body: string; onAll: () => void }) {
  const say = programmeWords.useText();
  const pick = usePick();
  const known = plan.groups.flatMap(({ rows }) => rows).flatMap((row) => row.bodies);
  const name = pick(known.find(({ id }) => id === body)?.name, body);
  return (
    <p className="sj-plan-body">
      {say('onlyBody', { name })}{' '}
      <button type="button" onClick={onAll}>
        {say('allRows')}
      </button>
    </p>
  );
}

/** Working and partial clauses, counted apart; targets are no clauses. */
function Sum({ plan }: { plan: Plan }) {
  const say = programmeWords.useText();
  const clauses = plan.groups.filter(({ part }) => part !== TARGETS);
  const sum = (of: (group: Group) => number) => clauses.reduce((n, group) => n + of(group), 0);
  return (
    <p className="sj-plan-sum">
      <strong>
        {say('total', {
          of: sum(({ of }) => of),
          works: sum(({ works }) => works),
          part: sum(partsOf),
        })}
      </strong>{' '}
      <span className="sj-soft">{say('counting')}</span>
    </p>
  );
}

function Parts({ plan, body }: { plan: Plan; body: string | undefined }) {
  const pick = usePick();
  const modules = useModules().data?.modules ?? [];
  const shown = plan.groups
    .map((group) => ({
      ...group,
      rows: body
        ? group.rows.filter((row) => row.bodies.some(({ id }) => id === body))
        : group.rows,
    }))
    .filter(({ rows }) => rows.length > 0);
  return plan.parts
    .filter(({ id }) => shown.some(({ part }) => part === id))
    .map(({ id, title }) => (
      <section key={id} className="sj-plan-part" aria-labelledby={`part-${id}`}>
        <h2 id={`part-${id}`}>{pick(title)}</h2>
        {id === TARGETS ? (
          <Targets rows={shown.find(({ part }) => part === id)?.rows.map((row) => row.id) ?? []} />
        ) : (
          shown
            .filter(({ part }) => part === id)
            .map((group) => (
              <div key={group.id} className="sj-card">
                <GroupHead group={group} alone={group.id === id} />
                <ClauseRows label={pick(group.title)} rows={group.rows} modules={modules} />
              </div>
            ))
        )}
      </section>
    ));
}

function GroupHead({ group, alone }: { group: Group; alone: boolean }) {
  const say = programmeWords.useText();
  const pick = usePick();
  const part = partsOf(group);
  return (
    <div className="sj-plan-head">
      {!alone && (
        <h3>
          <PageLink to={groupPath(group.id)}>
            {group.id} {pick(group.title)}
          </PageLink>
        </h3>
      )}
      <span>
        {say('worksOf', { works: group.works, of: group.of })}
        {part > 0 && <span className="sj-soft"> · {say('inPart', { count: part })}</span>}
      </span>
    </div>
  );
}

function Targets({ rows }: { rows: readonly string[] }) {
  const { data, error, refetch } = useTargets();
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <div className="sj-card">
      <TargetTable targets={data.items.filter(({ id }) => rows.includes(id))} />
    </div>
  );
}
