import { Age, Loading, Stat, StatusTag, useApi } from '#platform/ui/web';
import { api, type LogState as State } from '../api.ts';
import { auditWords } from '../words.ts';

const REFRESH_MS = 5_000;
/** The promise is about a second; a slow disk or a busy machine may take some more. */
const LATE_MS = 30_000;

/** How far the log is: entries, the last signature, what waits. */
export function LogState() {
  const say = auditWords.useText();
  const { data, dataUpdatedAt } = useApi<State>(api.state(), { refreshMs: REFRESH_MS });
  if (!data) return <Loading height={96} />;
  const { head, keys, pending, oldestPendingAt } = data;
  const late = oldestPendingAt !== null && dataUpdatedAt - Date.parse(oldestPendingAt) > LATE_MS;
  return (
    <section className="sj-audit-state" aria-label={say('state')}>
      <Stat label={say('size')} value={data.size} note={say('sizeNote')} />
      <Stat
        label={say('head')}
        value={head ? `#${head.size}` : '–'}
        note={head ? <Age at={head.at} /> : say('headNone')}
      />
      <Stat
        label={say('pending')}
        value={pending}
        note={
          late ? (
            <StatusTag tone="alarm">{say('pendingLate')}</StatusTag>
          ) : oldestPendingAt ? (
            <>
              {say('pendingNote')} <Age at={oldestPendingAt} />
            </>
          ) : (
            say('pendingNone')
          )
        }
      />
      <Stat
        label={say('key')}
        value={keys.at(-1)?.id ?? '–'}
        note={keys.length > 1 ? say('keyMany', { count: keys.length }) : say('keyNote')}
      />
    </section>
  );
}
