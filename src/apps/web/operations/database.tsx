import { Age, Stat, useLanguage, formatNumber } from '#platform/ui/web';
import type { HouseStatus } from './api.ts';
import { operationsWords } from './words.ts';

const MIB = 1024 * 1024;
const VERSION_WORDS = 2; // "PostgreSQL 18.3", without how it was compiled

/** What the database is, how large, how fast to disk; how many things it holds. */
export function DatabaseFacts({ status }: { status: HouseStatus }) {
  const say = operationsWords.useText();
  const language = useLanguage();
  const { engine, version, postgis, bytes, memoryBytes, fsyncMsP50 } = status.database;
  const things = status.entities.reduce((sum, { count }) => sum + count, 0);
  const mebibytes = (count: number | undefined) => (count === undefined ? undefined : count / MIB);
  return (
    <section className="sj-card sj-platform" aria-label={say('database')}>
      <Stat
        label={say('engine')}
        value={say(engine === 'pglite' ? 'engineEmbedded' : 'engineServer')}
        note={`${version.split(' ').slice(0, VERSION_WORDS).join(' ')}${postgis ? ` · ${say('postgis')} ${postgis}` : ''}`}
      />
      <Stat label={say('size')} value={mebibytes(bytes)} unit="MiB" digits={1} />
      {memoryBytes !== undefined && (
        <Stat label={say('memory')} value={mebibytes(memoryBytes)} unit="MiB" digits={0} />
      )}
      {fsyncMsP50 !== undefined && (
        <Stat label={say('fsync')} value={fsyncMsP50} unit="ms" digits={2} />
      )}
      <Stat
        label={say('things')}
        value={things}
        note={say('types', { count: status.entities.length })}
      />
      <Stat
        label={say('letters')}
        value={status.deadLetters}
        note={
          <>
            {say('uptime')} <Age at={status.startedAt} />
          </>
        }
      />
      <Stat
        label={say('lag')}
        value={formatNumber(Math.max(0, ...status.consumers.map(({ lag }) => lag)), language)}
      />
    </section>
  );
}
