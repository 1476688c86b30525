import {
  CodeBlock,
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  paths,
  useApi,
  usePath,
} from '#platform/ui/web';
import { operations, WATCH_MS, type HouseStatus } from '../operations/api.ts';
import { Consumers } from '../operations/consumers.tsx';
import { DatabaseFacts } from '../operations/database.tsx';
import { DeadLetters } from '../operations/dead-letters.tsx';
import { EntityTypeTable } from '../operations/entity-types.tsx';
import { operationsWords } from '../operations/words.ts';
import '../operations/operations.css';
import './pages.css';

const COMMANDS = [
  'npm run city -- status',
  'npm run city -- backup --help',
  'npm run city -- upgrade --help',
].join('\n');

/** How the platform runs: for the person who keeps it running. */
export function Status() {
  const say = operationsWords.useText();
  const path = usePath();
  const { data, error, refetch } = useApi<HouseStatus>(operations.status(), {
    refreshMs: WATCH_MS,
  });
  return (
    <PageFrame
      title={say('title')}
      about={say('about')}
      actions={
        <>
          <a href={operations.metrics()}>{say('metrics')}</a>
          <a href={operations.health()}>{say('health')}</a>
          <a href={operations.ready()}>{say('ready')}</a>
        </>
      }
    >
      {error && !data ? (
        <div className="sj-operations">
          <ErrorState error={error} onRetry={() => void refetch()} />
          {(error.status === 401 || error.status === 403) && (
            <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
          )}
        </div>
      ) : !data ? (
        <Loading height={320} />
      ) : (
        <div className="sj-operations-page">
          <DatabaseFacts status={data} />
          <DeadLetters />
          <Consumers consumers={data.consumers} />
          <EntityTypeTable types={data.entities} />
          <section className="sj-card sj-operations" aria-labelledby="links">
            <h2 id="links">{say('links')}</h2>
            <p className="sj-soft">{say('backup')}</p>
            <CodeBlock code={COMMANDS} label={say('backupLabel')} />
          </section>
        </div>
      )}
    </PageFrame>
  );
}
