import type { ReactNode } from 'react';
import {
  Empty,
  ErrorState,
  formatTime,
  Loading,
  PageFrame,
  PageLink,
  useApi,
  useLanguage,
  usePageParams,
} from '#platform/ui/web';
import { api, type EntryProved, pageOf, useActs } from '../api.ts';
import { Outcome, useWho } from '../log/parts.tsx';
import { auditWords } from '../words.ts';
import { EntryProof } from './entry-proof.tsx';
import '../audit.css';

const WAITING_REFRESH_MS = 1_500;

/** One entry: what it says, and its proof. */
export function AuditEntry() {
  const say = auditWords.useText();
  const acts = useActs();
  const id = usePageParams()['id'] ?? '';
  const crumbs = [{ text: say('title'), to: pageOf.log() }];
  const first = useApi<EntryProved>(api.entry(id));
  const waits = first.data?.index === null;
  const {
    data: entry,
    error,
    refetch,
  } = useApi<EntryProved>(api.entry(id), {
    ...(waits && { refreshMs: WAITING_REFRESH_MS }),
  });
  if (!entry)
    return (
      <PageFrame title={say('one')} crumbs={crumbs}>
        {error?.status === 404 || error?.status === 400 ? (
          <Empty
            title={say('notFound')}
            action={<PageLink to={pageOf.log()}>{say('title')}</PageLink>}
          />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading height={320} />
        )}
      </PageFrame>
    );
  return (
    <PageFrame
      title={acts.name(entry.action)}
      crumbs={crumbs}
      about={
        <>
          {entry.index === null ? say('waiting') : `#${entry.index}`} <Outcome of={entry.outcome} />
        </>
      }
    >
      <div className="sj-audit-entry">
        <EntryFacts entry={entry} />
        <EntryProof entry={entry} />
      </div>
    </PageFrame>
  );
}

function EntryFacts({ entry }: { entry: EntryProved }) {
  const say = auditWords.useText();
  const language = useLanguage();
  const who = useWho();
  const { actor, subject, onBehalfOf } = entry;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('at'), formatTime(entry.at, language)],
    [
      say('who'),
      <span key="who">
        {who(actor)} {actor.id !== null && actor.kind !== 'anonymous' && <code>{actor.id}</code>}
      </span>,
    ],
    ...(onBehalfOf ? [[say('onBehalfOf'), onBehalfOf.name || onBehalfOf.id] as const] : []),
    ...(entry.client ? [[say('client'), entry.client] as const] : []),
    [say('what'), <code key="what">{entry.action}</code>],
    [
      say('subject'),
      <span key="subject">
        {subject.kind} <code>{subject.id ?? say('erased')}</code>
      </span>,
    ],
    [say('purpose'), entry.purpose],
    [say('changes'), entry.changed ? say('changesKept') : say('changesNone')],
    ...Object.entries(entry.facts).map(([name, value]) => [name, String(value)] as const),
    [say('request'), entry.request && <code key="request">{entry.request}</code>],
  ];
  return (
    <section className="sj-card" aria-labelledby="content">
      <h2 id="content">{say('content')}</h2>
      {entry.personal === null && <p>{say('erasedHint')}</p>}
      <dl className="sj-audit-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || <span className="sj-soft">{say('none')}</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
