import {
  Age,
  DemoTag,
  Empty,
  ErrorState,
  Loading,
  PageLink,
  paths,
  Stat,
  useApi,
  useTypeName,
} from '#platform/ui/web';
import type { EntityTypes } from '../api.ts';
import { houseWords } from '../words.ts';

const REFRESH_MS = 15_000;
const SHOWN_MAX = 12;

/** How many things of each type report, most first, with the age of the newest. */
export function Glance() {
  const say = houseWords.useText();
  const typeName = useTypeName();
  const { data, error, refetch } = useApi<EntityTypes>(paths.api.entityTypes(), {
    refreshMs: REFRESH_MS,
  });
  const types = [...(data?.types ?? [])].sort((a, b) => b.count - a.count).slice(0, SHOWN_MAX);
  return (
    <section className="sj-home-glance" aria-labelledby="glance">
      <div className="sj-section-head">
        <h2 id="glance">{say('glance')}</h2>
        <PageLink to={paths.city()}>{say('glanceMore')}</PageLink>
      </div>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading height={180} />
      ) : types.length === 0 ? (
        <Empty
          title={say('glanceEmpty')}
          action={<PageLink to={paths.developers()}>{say('glanceConnect')}</PageLink>}
        >
          {say('glanceEmptyHint')}
        </Empty>
      ) : (
        <ul className="sj-tiles">
          {types.map(({ type, count, demo, newest }) => (
            <li key={type} className="sj-card">
              <Stat
                label={typeName(type)}
                value={count}
                digits={0}
                note={
                  <>
                    <Age at={newest} /> {demo > 0 && <DemoShare demo={demo} count={count} />}
                  </>
                }
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Says that figures come from the simulator, and how many where some do not. */
function DemoShare({ demo, count }: { demo: number; count: number }) {
  const say = houseWords.useText();
  return demo === count ? <DemoTag /> : <span>· {say('demoShare', { demo })}</span>;
}
