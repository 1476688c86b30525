import { Button, Select } from 'antd';
import { useMemo } from 'react';
import {
  Age,
  DataTable,
  Empty,
  useApi,
  usePageQuery,
  useSend,
  useToast,
  type Column,
} from '#platform/ui/web';
import {
  api,
  CONTEXT,
  LOG_ITEMS_MAX,
  REFRESH_MS,
  STATES,
  useMayReplay,
  useReceivers,
  type Delivery,
} from './api.ts';
import { StateTag } from './tags.tsx';
import { deliveriesWords } from './words.ts';

/** Each notification: when, to whom, and what became of it. */
export function Log() {
  const say = deliveriesWords.useText();
  const [{ state, endpoint }, change] = usePageQuery();
  const { data, error, refetch } = useApi<{ items: readonly Delivery[] }>(
    api.deliveries({ state, endpoint }),
    { refreshMs: REFRESH_MS, keep: true },
  );
  const columns = useLogColumns();
  const narrowed = Boolean(state || endpoint);
  return (
    <>
      {data?.items.length === LOG_ITEMS_MAX && (
        <p className="sj-deliveries-partly">{say('partlyLog', { shown: LOG_ITEMS_MAX })}</p>
      )}
      <DataTable
        label={say('log')}
        columns={columns}
        rows={data?.items}
        rowKey={({ id }) => id}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        tools={
          <>
            <Filters />
            {narrowed && (
              <Button type="link" onClick={() => change({ state: undefined, endpoint: undefined })}>
                {say('clear')}
              </Button>
            )}
          </>
        }
        empty={
          narrowed ? (
            <Empty title={say('noMatch')}>{say('noMatchHint')}</Empty>
          ) : (
            <Empty title={say('noDeliveries')}>{say('noDeliveriesHint')}</Empty>
          )
        }
      />
    </>
  );
}

/** What narrows the log. It stands in the address, so that what is seen can be shared. */
function Filters() {
  const say = deliveriesWords.useText();
  const [{ state = '', endpoint = '' }, change] = usePageQuery();
  const receivers = useReceivers().data?.items ?? [];
  const uris = [...new Set([...receivers.map(({ uri }) => uri), ...(endpoint ? [endpoint] : [])])];
  return (
    <>
      <Select
        aria-label={say('stateAny')}
        className="sj-deliveries-filter"
        value={state}
        onChange={(value) => change({ state: value || undefined })}
        options={[
          { value: '', label: say('stateAny') },
          ...STATES.map((value) => ({ value: value as string, label: say(value) })),
        ]}
      />
      <Select
        aria-label={say('receiverAny')}
        className="sj-deliveries-filter sj-deliveries-receiver"
        value={endpoint}
        onChange={(value) => change({ endpoint: value || undefined })}
        options={[
          { value: '', label: say('receiverAny') },
          ...uris.map((value) => ({ value, label: value })),
        ]}
      />
    </>
  );
}

function useLogColumns(): readonly Column<Delivery>[] {
  const say = deliveriesWords.useText();
  return useMemo(
    () => [
      {
        key: 'at',
        title: say('at'),
        value: ({ createdAt }) => new Date(createdAt),
        sortable: true,
        render: ({ createdAt }) => <Age at={createdAt} />,
      },
      {
        key: 'state',
        title: say('state'),
        value: ({ state }) => say(state),
        sortable: true,
        render: ({ state }) => <StateTag state={state} />,
      },
      {
        key: 'endpoint',
        title: say('receiver'),
        value: ({ endpoint }) => endpoint,
        sortable: true,
        render: ({ endpoint }) => <code className="sj-deliveries-uri">{endpoint}</code>,
      },
      {
        key: 'subscription',
        title: say('subscription'),
        value: ({ subscription }) => subscription,
        sortable: true,
        render: ({ subscription }) => <code className="sj-deliveries-uri">{subscription}</code>,
      },
      {
        key: 'attempts',
        title: say('attempts'),
        value: ({ attempts }) => attempts,
        sortable: true,
        digits: 0,
      },
      {
        key: 'result',
        title: say('result'),
        value: ({ status, error }) =>
          status === null ? (error ?? undefined) : say('answered', { status }),
        render: ({ status, error }) => (
          <span className="sj-deliveries-result">
            {status === null ? (error ?? '–') : say('answered', { status })}
          </span>
        ),
      },
      {
        key: 'actions',
        title: say('actions'),
        value: () => undefined,
        render: (delivery) => (delivery.state === 'dead' ? <Replay delivery={delivery} /> : '–'),
      },
    ],
    [say],
  );
}

/** Tries one that was given up once more. */
function Replay({ delivery: { id, endpoint } }: { delivery: Delivery }) {
  const say = deliveriesWords.useText();
  const toast = useToast();
  const may = useMayReplay() === true;
  const replay = useSend({ touches: [CONTEXT], onDone: () => toast.done(say('replayed')) });
  return (
    <Button
      size="small"
      disabled={!may}
      loading={replay.isPending}
      aria-describedby="rights"
      aria-label={say('replayOf', { endpoint })}
      onClick={() =>
        replay.mutate({ method: 'POST', path: api.attempts(id) }, { onError: toast.failed })
      }
    >
      {say('replay')}
    </Button>
  );
}
