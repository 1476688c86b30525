import { Button } from 'antd';
import { useMemo, useState } from 'react';
import {
  Age,
  DataTable,
  Empty,
  request,
  useApi,
  useRefresh,
  useToast,
  type Column,
} from '#platform/ui/web';
import { DEAD_LETTERS, operations, WATCH_MS, type DeadLetter } from './api.ts';
import { operationsWords } from './words.ts';

/** Events that could not be delivered, and one more try for them. */
export function DeadLetters() {
  const say = operationsWords.useText();
  const toast = useToast();
  const refresh = useRefresh();
  const [busy, setBusy] = useState<number | 'all'>();
  const { data, error, refetch } = useApi<{ deadLetters: readonly DeadLetter[]; dropped: number }>(
    operations.deadLetters(),
    { refreshMs: WATCH_MS },
  );
  const letters = data?.deadLetters;

  const replay = async (of: readonly DeadLetter[]) => {
    setBusy(of.length === 1 ? of[0]!.id : 'all');
    let left = 0;
    let fault: unknown;
    // Oldest first, one after the other: events of one thing keep their order.
    for (const { id } of [...of].sort((a, b) => a.id - b.id))
      try {
        await request(operations.attempts(id), { method: 'POST' });
      } catch (error) {
        left += 1;
        fault = error;
      }
    setBusy(undefined);
    await Promise.all([refresh(DEAD_LETTERS), refresh(operations.status())]);
    if (of.length === 1) return fault ? toast.failed(fault) : toast.done(say('replayed'));
    return toast.done(say('replayedAll', { done: of.length - left, left }));
  };
  const replayOne = (letter: DeadLetter) => (
    <Button
      size="small"
      loading={busy === letter.id}
      disabled={busy !== undefined}
      aria-label={say('replayOne', { id: letter.id })}
      onClick={() => void replay([letter])}
    >
      {say('replay')}
    </Button>
  );
  const facts = useMemo<readonly Column<DeadLetter>[]>(
    () => [
      { key: 'type', title: say('letterType'), value: ({ event }) => event.type, sortable: true },
      { key: 'key', title: say('letterKey'), value: ({ event }) => event.key },
      { key: 'consumer', title: say('consumer'), value: (one) => one.consumer, sortable: true },
      {
        key: 'at',
        title: say('letterAt'),
        value: ({ at }) => new Date(at),
        render: ({ at }) => <Age at={at} />,
        sortable: true,
      },
      { key: 'tries', title: say('letterTries'), value: ({ attempts }) => attempts },
      { key: 'error', title: say('letterError'), value: (one) => one.error },
    ],
    [say],
  );
  const columns: readonly Column<DeadLetter>[] = [
    ...facts,
    { key: 'act', title: say('letterAct'), value: ({ id }) => id, render: replayOne },
  ];
  return (
    <div>
      <div className="sj-section-head">
        <h2>{say('letters')}</h2>
        <span className="sj-soft">
          {say('lettersAbout')}
          {data && data.dropped > 0 && ` ${say('lettersDropped', { count: data.dropped })}`}
        </span>
      </div>
      <DataTable
        label={say('letters')}
        columns={columns}
        rows={letters}
        rowKey={({ id }) => String(id)}
        error={letters ? undefined : error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('lettersNone')} />}
        tools={
          letters && letters.length > 1 ? (
            <Button
              loading={busy === 'all'}
              disabled={busy !== undefined}
              onClick={() => void replay(letters)}
            >
              {say('replayAll')}
            </Button>
          ) : undefined
        }
      />
    </div>
  );
}
