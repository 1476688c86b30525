import { Button } from 'antd';
import { useMemo } from 'react';
import {
  Age,
  CodeBlock,
  DataTable,
  Empty,
  useApi,
  useSend,
  useToast,
  type Column,
} from '#platform/ui/web';
import { api, RIGHTS, useMe, type Change } from './api.ts';
import { rightsWords } from './words.ts';

/** What was proposed, and what became of it. */
export function Changes() {
  const say = rightsWords.useText();
  const toast = useToast();
  const me = useMe();
  const { data, error, refetch } = useApi<{ items: readonly Change[] }>(api.changes());
  const { mutate, isPending } = useSend({
    touches: [RIGHTS],
    onDone: () => toast.done(say('decideDone')),
  });
  const columns = useMemo<readonly Column<Change>[]>(() => {
    const decide = (id: string, state: string) =>
      mutate(
        { method: 'POST', path: api.decision(id), body: { state } },
        { onError: (problem) => toast.failed(problem) },
      );
    const press = ({ id }: Change, state: string, key: 'approve' | 'reject' | 'withdraw') => (
      <Button size="small" disabled={isPending} onClick={() => decide(id, state)}>
        {say(key)}
      </Button>
    );
    return [
      { key: 'module', title: say('module'), value: ({ module }) => module, sortable: true },
      { key: 'reason', title: say('reason'), value: ({ reason }) => reason },
      {
        key: 'text',
        title: say('text'),
        value: ({ text }) => text,
        render: ({ text, id }) => (
          <div className="sj-rights-short">
            <CodeBlock code={text} label={`${say('text')} ${id}`} />
          </div>
        ),
      },
      { key: 'by', title: say('by'), value: ({ proposedBy }) => proposedBy.name },
      {
        key: 'when',
        title: say('when'),
        value: ({ proposedAt }) => new Date(proposedAt),
        sortable: true,
        render: ({ proposedAt }) => <Age at={proposedAt} />,
      },
      {
        key: 'state',
        title: say('state'),
        value: ({ state }) => say(state),
        sortable: true,
        render: (change) => (
          <span className="sj-rights-bar">
            {say(change.state)}
            {change.state === 'proposed' &&
              (change.proposedBy.id === me ? (
                press(change, 'withdrawn', 'withdraw')
              ) : (
                <>
                  {press(change, 'approved', 'approve')}
                  {press(change, 'rejected', 'reject')}
                </>
              ))}
          </span>
        ),
      },
      { key: 'decidedBy', title: say('decidedBy'), value: ({ decidedBy }) => decidedBy?.name },
    ];
  }, [say, toast, me, mutate, isPending]);
  return (
    <DataTable
      label={say('changes')}
      columns={columns}
      rows={data?.items}
      rowKey={({ id }) => id}
      error={data ? undefined : error}
      onRetry={() => void refetch()}
      empty={<Empty title={say('noChanges')}>{say('noChangesHint')}</Empty>}
    />
  );
}
