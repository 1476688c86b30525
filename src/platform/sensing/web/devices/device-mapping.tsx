import { useMemo } from 'react';
import { DataTable, ErrorState, Loading, useApi, type Column } from '#platform/ui/web';
import { api, type KeptMapping } from '../api.ts';
import { devicesWords } from './words.ts';

type Attribute = KeptMapping['document']['attributes'][number];

/** How the device's messages become attributes. */
export function DeviceMapping({ id }: { id: string | undefined }) {
  const say = devicesWords.useText();
  return (
    <div className="sj-card">
      <h2>{say('mapping')}</h2>
      {id === undefined ? <p className="sj-soft">{say('mappingNone')}</p> : <Mapped id={id} />}
    </div>
  );
}

function Mapped({ id }: { id: string }) {
  const say = devicesWords.useText();
  const { data, error, refetch } = useApi<{ mappings: readonly KeptMapping[] }>(api.mappings());
  const columns = useMemo<readonly Column<Attribute>[]>(
    () => [
      { key: 'name', title: say('attribute'), value: ({ name }) => name },
      {
        key: 'path',
        title: say('path'),
        value: ({ path }) => path,
        render: ({ path }) => <code>{path}</code>,
      },
      { key: 'type', title: say('type'), value: ({ type }) => type },
      {
        key: 'unit',
        title: say('unit'),
        value: ({ unit }) =>
          unit && (unit.from === unit.to ? unit.to : `${unit.from} → ${unit.to}`),
      },
      { key: 'default', title: say('fallback'), value: (one) => one.default },
      { key: 'required', title: say('required'), value: ({ required }) => required ?? false },
    ],
    [say],
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const document = data.mappings.find((one) => one.id === id)?.document;
  return (
    <>
      <p className="sj-soft">
        {say('mappingHint', { id })}{' '}
        {document?.observedAt && say('mappingTime', document.observedAt)}
      </p>
      <DataTable
        label={say('mapping')}
        columns={columns}
        rows={document?.attributes ?? []}
        rowKey={({ name }) => name}
      />
    </>
  );
}
