import { useMemo } from 'react';
import { Age, DataTable, Empty, useApi, type Column } from '#platform/ui/web';
import { api, type Refused } from '../api.ts';
import { devicesWords } from './words.ts';

const REFRESH_MS = 10_000;

/** What the device sent and was not taken, and why. */
export function DeviceRefusals({ id }: { id: string }) {
  const say = devicesWords.useText();
  const { data, error, refetch } = useApi<{ refusals: readonly Refused[] }>(api.refusals(id), {
    refreshMs: REFRESH_MS,
  });
  const columns = useMemo<readonly Column<Refused>[]>(
    () => [
      {
        key: 'at',
        title: say('at'),
        value: ({ at }) => new Date(at),
        render: ({ at }) => <Age at={at} />,
        sortable: true,
      },
      { key: 'via', title: say('via'), value: ({ via }) => via },
      { key: 'reason', title: say('reason'), value: ({ reason }) => reason },
      {
        key: 'payload',
        title: say('payload'),
        value: ({ payload }) => payload,
        render: ({ payload }) => <code className="sj-device-payload">{payload}</code>,
      },
    ],
    [say],
  );
  return (
    <div className="sj-card">
      <h2>{say('refusals')}</h2>
      <DataTable
        label={say('refusals')}
        columns={columns}
        rows={data?.refusals}
        rowKey={({ at, payload }) => `${at} ${payload}`}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('refusalsNone')} />}
      />
    </div>
  );
}
