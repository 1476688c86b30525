import { Button } from 'antd';
import { useMemo, useState } from 'react';
import {
  DataTable,
  Empty,
  formatTime,
  PageFrame,
  PageLink,
  paths,
  rangeEnds,
  readRange,
  useApi,
  useGo,
  useLanguage,
  usePageQuery,
  usePath,
  type Column,
  type View,
} from '#platform/ui/web';
import { api, type EntriesPage, type Entry, pageOf, useActs, useMay } from '../api.ts';
import { auditWords } from '../words.ts';
import { Filters, FILTERS } from './filters.tsx';
import { LogState } from './log-state.tsx';
import { Outcome, useWho } from './parts.tsx';
import '../audit.css';

const REFRESH_MS = 10_000;

function useColumns(): readonly Column<Entry>[] {
  const say = auditWords.useText();
  const language = useLanguage();
  const who = useWho();
  const acts = useActs();
  return useMemo(
    () => [
      {
        key: 'at',
        title: say('at'),
        value: ({ at }) => new Date(at),
        render: ({ at }) => formatTime(at, language),
      },
      { key: 'who', title: say('who'), value: ({ actor }) => who(actor) },
      { key: 'what', title: say('what'), value: ({ action }) => acts.name(action) },
      {
        key: 'subject',
        title: say('subject'),
        value: ({ subject }) => `${subject.kind} ${subject.id ?? say('erased')}`,
        render: ({ subject }) => (
          <span className="sj-audit-subject">
            <small>{subject.kind}</small> <code>{subject.id ?? say('erased')}</code>
          </span>
        ),
      },
      {
        key: 'outcome',
        title: say('outcome'),
        value: ({ outcome }) => outcome,
        render: ({ outcome }) => <Outcome of={outcome} />,
      },
      { key: 'purpose', title: say('purpose'), value: ({ purpose }) => purpose },
      {
        key: 'place',
        title: say('place'),
        value: ({ index }) => (index === null ? say('waiting') : `#${index}`),
      },
    ],
    [say, language, who, acts],
  );
}

/** Pages of a log go from one to the next: where each begins is known when the one before it was seen. */
function useEntries(query: Readonly<Record<string, string>>) {
  const question = FILTERS.map((name) => query[name] ?? '').join('\n');
  const [seen, setSeen] = useState({ question, view: { page: 1, size: 20 } as View, below: [0] });
  const now =
    seen.question === question
      ? seen
      : { ...seen, question, below: [0], view: { ...seen.view, page: 1 } };
  const { page, size } = now.view;
  const range = readRange(query['time']);
  const [openedAt] = useState(Date.now);
  const ends = range && ('last' in range ? { from: rangeEnds(range, openedAt).from } : range);
  const { actor, action, subject, outcome } = query;
  const answer = useApi<EntriesPage>(
    api.entries({
      actor,
      action,
      subject,
      outcome,
      ...ends,
      limit: size,
      below: now.below[page - 1] || undefined,
    }),
    { refreshMs: REFRESH_MS, keep: true },
  );
  const onView = (view: View) => {
    if (view.size !== size) return setSeen({ question, view: { ...view, page: 1 }, below: [0] });
    const below = [...now.below];
    if (view.page === page + 1) below[page] = answer.data?.next ?? 0;
    const known = view.page === 1 || Boolean(below[view.page - 1]);
    return known ? setSeen({ question, view, below }) : undefined;
  };
  const { data } = answer;
  const total = data && (data.next === null ? (page - 1) * size + data.items.length : undefined);
  return { ...answer, view: now.view, onView, total };
}

/** The audit log: how far it is, what is in it, and a copy to take away. */
export function AuditLog() {
  const say = auditWords.useText();
  const go = useGo();
  const columns = useColumns();
  const [query] = usePageQuery();
  const { data, error, refetch, view, onView, total } = useEntries(query);
  const narrowed = FILTERS.some((name) => query[name]);
  return (
    <PageFrame title={say('title')} about={say('about')} actions={<Export />}>
      <LogState />
      <DataTable
        label={say('title')}
        columns={columns}
        rows={data?.items}
        rowKey={({ id }) => String(id)}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        onOpen={({ id }) => go(pageOf.entry(id))}
        view={view}
        onView={onView}
        {...(total !== undefined && { total })}
        tools={<Filters />}
        empty={
          narrowed ? (
            <Empty title={say('emptyFilter')}>{say('emptyFilterHint')}</Empty>
          ) : (
            <Empty title={say('empty')}>{say('emptyHint')}</Empty>
          )
        }
      />
    </PageFrame>
  );
}

function Export() {
  const say = auditWords.useText();
  const path = usePath();
  const may = useMay('audit.export');
  const hint = 'audit-export';
  const link = (personal: boolean, label: string) => (
    <Button
      {...(may ? { href: api.export(personal), download: 'audit.ndjson' } : { disabled: true })}
      aria-describedby={hint}
    >
      {label}
    </Button>
  );
  return (
    <div className="sj-audit-actions">
      {link(false, say('export'))}
      {link(true, say('exportPersonal'))}
      <small id={hint} className="sj-soft">
        {may === false ? (
          <>
            {say('onlyAuditor')} <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
          </>
        ) : (
          say('exportHint')
        )}
      </small>
    </div>
  );
}
