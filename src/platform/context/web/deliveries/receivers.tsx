import { Button, Modal } from 'antd';
import { useMemo, useState } from 'react';
import {
  Age,
  DataTable,
  Empty,
  usePageQuery,
  useSend,
  useToast,
  type Column,
} from '#platform/ui/web';
import { api, CONTEXT, useMayReplay, useReceivers, type Receiver } from './api.ts';
import { HealthTag } from './tags.tsx';
import { deliveriesWords } from './words.ts';

/** Worst first, when sorted by health. */
const URGENCY = { paused: 0, failing: 1, well: 2 } as const;

/** The receivers: which are well, which are left alone, and how much waits for each. */
export function Receivers() {
  const say = deliveriesWords.useText();
  const { data, error, refetch } = useReceivers();
  const [, change] = usePageQuery();
  const may = useMayReplay() === true;
  const [asking, setAsking] = useState<Receiver>();
  const columns = useMemo<readonly Column<Receiver>[]>(
    () => [
      {
        key: 'uri',
        title: say('receiver'),
        value: ({ uri }) => uri,
        sortable: true,
        render: ({ uri }) => <code className="sj-deliveries-uri">{uri}</code>,
      },
      {
        key: 'health',
        title: say('health'),
        value: ({ health }) => `${URGENCY[health]} ${say(health)}`,
        sortable: true,
        render: ({ health }) => <HealthTag health={health} />,
      },
      {
        key: 'failures',
        title: say('failures'),
        value: ({ failures }) => failures,
        sortable: true,
        digits: 0,
      },
      {
        key: 'dueAt',
        title: say('dueAt'),
        value: ({ dueAt }) => (dueAt ? new Date(dueAt) : undefined),
        sortable: true,
      },
      {
        key: 'waiting',
        title: say('waiting'),
        value: ({ waiting }) => waiting,
        sortable: true,
        digits: 0,
      },
      {
        key: 'oldest',
        title: say('oldest'),
        value: ({ oldestWaitingAt: at }) => (at ? new Date(at) : undefined),
        sortable: true,
        render: ({ oldestWaitingAt: at }) => (at ? <Age at={at} /> : '–'),
      },
      {
        key: 'dead',
        title: say('dead'),
        value: ({ dead }) => dead,
        sortable: true,
        digits: 0,
      },
      {
        key: 'actions',
        title: say('actions'),
        value: () => undefined,
        render: (receiver) => (
          <span className="sj-deliveries-row">
            <Button
              size="small"
              aria-label={say('seeLogOf', { endpoint: receiver.uri })}
              onClick={() => change({ view: 'log', endpoint: receiver.uri })}
            >
              {say('seeLog')}
            </Button>
            {receiver.dead > 0 && (
              <Button
                size="small"
                disabled={!may}
                aria-describedby="rights"
                aria-label={say('replayAllOf', { endpoint: receiver.uri })}
                onClick={() => setAsking(receiver)}
              >
                {say('replayAll')}
              </Button>
            )}
          </span>
        ),
      },
    ],
    [say, change, may],
  );
  return (
    <>
      <DataTable
        label={say('receivers')}
        columns={columns}
        rows={data?.items}
        rowKey={({ uri }) => uri}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('noReceivers')}>{say('noReceiversHint')}</Empty>}
      />
      {asking && <ReplayAll receiver={asking} onClose={() => setAsking(undefined)} />}
    </>
  );
}

/** Asks once more before many notifications leave. */
function ReplayAll({ receiver, onClose }: { receiver: Receiver; onClose: () => void }) {
  const { uri, dead } = receiver;
  const say = deliveriesWords.useText();
  const toast = useToast();
  const replay = useSend<{ replayed: number }>({
    touches: [CONTEXT],
    onDone: ({ replayed }) => toast.done(say('replayedAll', { count: replayed })),
  });
  return (
    <Modal
      open
      title={say('replayAllAsk')}
      okText={say('replayAll')}
      cancelText={say('cancel')}
      confirmLoading={replay.isPending}
      onOk={() =>
        replay.mutate(
          { method: 'POST', path: api.replays(), body: { endpoint: uri } },
          { onSettled: onClose, onError: toast.failed },
        )
      }
      onCancel={onClose}
    >
      <p className="sj-deliveries-uri">{say('replayAllWarn', { count: dead, endpoint: uri })}</p>
    </Modal>
  );
}
