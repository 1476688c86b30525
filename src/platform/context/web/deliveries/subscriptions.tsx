import { useMemo } from 'react';
import { Age, DataTable, Empty, useApi, type Column } from '#platform/ui/web';
import { api, REFRESH_MS, type Summary } from './api.ts';
import { StatusOf } from './tags.tsx';
import { deliveriesWords } from './words.ts';

type Answer = { readonly total: number; readonly items: readonly Summary[] };

/** Who has asked to be told, and how that goes. */
export function Subscriptions() {
  const say = deliveriesWords.useText();
  const { data, error, refetch } = useApi<Answer>(api.subscriptions(), { refreshMs: REFRESH_MS });
  const hasTenants = data?.items.some(({ tenant }) => tenant !== '') ?? false;
  const columns = useMemo<readonly Column<Summary>[]>(
    () => [
      {
        key: 'id',
        title: say('subscription'),
        value: ({ name, id }) => name ?? id,
        sortable: true,
        render: ({ name, id }) => (
          <span className="sj-deliveries-name">
            {name}
            <code className="sj-deliveries-uri">{id}</code>
          </span>
        ),
      },
      ...(hasTenants
        ? [
            {
              key: 'tenant',
              title: say('tenant'),
              value: ({ tenant }: Summary) => tenant,
              sortable: true,
            },
          ]
        : []),
      { key: 'kind', title: say('kind'), value: ({ about }) => say(about), sortable: true },
      {
        key: 'status',
        title: say('status'),
        value: ({ status }) => say(status === 'paused' ? 'stopped' : status),
        sortable: true,
        render: ({ status }) => <StatusOf status={status} />,
      },
      {
        key: 'endpoint',
        title: say('receiver'),
        value: ({ endpoint }) => endpoint,
        sortable: true,
        render: ({ endpoint }) => <code className="sj-deliveries-uri">{endpoint}</code>,
      },
      {
        key: 'sent',
        title: say('timesSent'),
        value: ({ timesSent }) => timesSent,
        sortable: true,
        digits: 0,
      },
      {
        key: 'failed',
        title: say('timesFailed'),
        value: ({ timesFailed }) => timesFailed,
        sortable: true,
        digits: 0,
      },
      {
        key: 'success',
        title: say('lastSuccess'),
        value: ({ lastSuccess: at }) => (at ? new Date(at) : undefined),
        sortable: true,
        render: ({ lastSuccess: at }) => <Age at={at ?? undefined} />,
      },
      {
        key: 'failure',
        title: say('lastFailure'),
        value: ({ lastFailure: at }) => (at ? new Date(at) : undefined),
        sortable: true,
        render: ({ lastFailure: at }) => <Age at={at ?? undefined} />,
      },
    ],
    [say, hasTenants],
  );
  return (
    <>
      {data && data.total > data.items.length && (
        <p className="sj-deliveries-partly">
          {say('partlySubscriptions', { total: data.total, shown: data.items.length })}
        </p>
      )}
      <DataTable
        label={say('subscriptions')}
        columns={columns}
        rows={data?.items}
        rowKey={({ tenant, id }) => `${tenant} ${id}`}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('noSubscriptions')}>{say('noSubscriptionsHint')}</Empty>}
      />
    </>
  );
}
