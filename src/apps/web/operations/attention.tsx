import type { ReactNode } from 'react';
import { Age, PageLink, paths, Stat, useApi, usePath } from '#platform/ui/web';
import { operations, pageOf, useMay, WATCH_MS, type HouseStatus } from './api.ts';
import { operationsWords } from './words.ts';

const REFUSALS_SHOWN_MAX = 200;

type Counted = { readonly total: number };
type Refusals = { readonly refusals: readonly { readonly at: string }[] };

/** What an operator looks at first: silence, refusals, what waits and what could not be delivered. */
export function Attention() {
  const say = operationsWords.useText();
  return (
    <section aria-labelledby="attention">
      <div className="sj-section-head">
        <h2 id="attention">{say('attention')}</h2>
      </div>
      <div className="sj-card sj-platform">
        <Devices state="silent" />
        <Devices state="late" />
        <Refused />
        <Delivery />
      </div>
    </section>
  );
}

function Devices({ state }: { state: 'silent' | 'late' }) {
  const say = operationsWords.useText();
  const { data } = useApi<Counted>(operations.devices(state), { refreshMs: WATCH_MS });
  return (
    <Stat
      label={say(state)}
      value={data?.total}
      note={<PageLink to={pageOf.devices(state)}>{say('seeList')}</PageLink>}
    />
  );
}

function Refused() {
  const say = operationsWords.useText();
  const may = useMay('sensing.keep-register');
  const { data } = useApi<Refusals>(operations.refusals(), {
    refreshMs: WATCH_MS,
    enabled: may === true,
  });
  const count = data?.refusals.length;
  const newest = data?.refusals[0]?.at;
  return (
    <Stat
      label={say('refused')}
      value={
        count === REFUSALS_SHOWN_MAX ? say('refusedMore', { count: REFUSALS_SHOWN_MAX }) : count
      }
      note={
        <Allowed may={may}>
          {newest ? (
            <>
              {say('newest')} <Age at={newest} />
            </>
          ) : (
            data && say('allFine')
          )}
        </Allowed>
      }
    />
  );
}

function Delivery() {
  const say = operationsWords.useText();
  const may = useMay('house.operate');
  const { data } = useApi<HouseStatus>(operations.status(), {
    refreshMs: WATCH_MS,
    enabled: may === true,
  });
  const slowest = data && [...data.consumers].sort((a, b) => b.lag - a.lag)[0];
  return (
    <>
      <Stat
        label={say('letters')}
        value={data?.deadLetters}
        note={
          <Allowed may={may}>
            <PageLink to={pageOf.status()}>{say('seeList')}</PageLink>
          </Allowed>
        }
      />
      <Stat
        label={say('lag')}
        value={slowest?.lag}
        note={
          <Allowed may={may}>
            {slowest ? say('lagNote', { name: slowest.name }) : data && say('noConsumers')}
          </Allowed>
        }
      />
    </>
  );
}

/** The note of a figure, or why there is no figure and what would help. */
function Allowed({ may, children }: { may: boolean | undefined; children: ReactNode }) {
  const say = operationsWords.useText();
  const path = usePath();
  if (may !== false) return children;
  return (
    <>
      {say('needRight')} · <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
    </>
  );
}
