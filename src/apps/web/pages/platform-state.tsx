import { Age, ErrorState, Loading, paths, Stat, useApi } from '#platform/ui/web';
import { useHouse, type EntityTypes } from '../api.ts';
import { houseWords } from '../words.ts';

const REFRESH_MS = 15_000;

/** Version, database, age and size of what runs here. */
export function PlatformState() {
  const say = houseWords.useText();
  const { data: house, error, refetch } = useHouse();
  const types = useApi<EntityTypes>(paths.api.entityTypes(), { refreshMs: REFRESH_MS });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!house) return <Loading height={96} />;
  const counted = types.data?.types;
  const things = counted?.reduce((sum, { count }) => sum + count, 0);
  return (
    <section aria-label={say('workHouse')} className="sj-card sj-platform">
      <Stat label={say('workThings')} value={things} digits={0} />
      <Stat label={say('workTypes')} value={counted?.length} digits={0} />
      <Stat
        label={say('demoRate')}
        value={house.demo.on ? house.demo.rate : say('off')}
        {...(house.demo.on ? { unit: say('perSecond') } : {})}
      />
      <Stat
        label={say('workEngine')}
        value={say(/pglite|embedded/i.test(house.engine) ? 'engineEmbedded' : 'engineServer')}
        note={house.engine}
      />
      <Stat
        label={say('workVersion')}
        value={house.version}
        note={
          <>
            {say('workStarted')} <Age at={house.startedAt} />
          </>
        }
      />
    </section>
  );
}
