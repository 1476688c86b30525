import { useMemo } from 'react';
import { CodeBlock, DataTable, Empty, useApi, usePick, type Column } from '#platform/ui/web';
import { operations, type Importer } from './api.ts';
import { operationsWords } from './words.ts';

/** What can be taken in from files, each with the command that does it. */
export function Imports() {
  const say = operationsWords.useText();
  const pick = usePick();
  const { data, error, refetch } = useApi<{ importers: readonly Importer[] }>(
    operations.importers(),
  );
  const columns = useMemo<readonly Column<Importer>[]>(() => {
    const command = ({ id }: Importer) => `npm run city -- import ${id} ${say('importFile')}`;
    return [
      { key: 'title', title: say('importTitle'), value: ({ title }) => pick(title) },
      {
        key: 'how',
        title: say('importHow'),
        value: command,
        render: (one) => (
          <CodeBlock code={command(one)} label={say('importCommand', { title: pick(one.title) })} />
        ),
      },
    ];
  }, [say, pick]);
  return (
    <div>
      <div className="sj-section-head">
        <h2>{say('imports')}</h2>
        <span className="sj-soft">{say('importsAbout')}</span>
      </div>
      <DataTable
        label={say('imports')}
        columns={columns}
        rows={data?.importers}
        rowKey={({ id }) => id}
        error={error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('importsNone')} />}
      />
    </div>
  );
}
