import { useMemo } from 'react';
import { Age, DataTable, useTypeName, type Column } from '#platform/ui/web';
import type { EntityTypes } from '../api.ts';
import { operationsWords } from './words.ts';

type Counted = EntityTypes['types'][number];

/** How many things of each type there are, and how fresh. */
export function EntityTypeTable({ types }: { types: readonly Counted[] }) {
  const say = operationsWords.useText();
  const typeName = useTypeName();
  const columns = useMemo<readonly Column<Counted>[]>(
    () => [
      { key: 'type', title: say('type'), value: ({ type }) => typeName(type), sortable: true },
      { key: 'count', title: say('count'), value: ({ count }) => count, sortable: true, digits: 0 },
      { key: 'demo', title: say('ofDemo'), value: ({ demo }) => demo, sortable: true, digits: 0 },
      {
        key: 'newest',
        title: say('newestAt'),
        value: ({ newest }) => new Date(newest),
        render: ({ newest }) => <Age at={newest} />,
        sortable: true,
      },
    ],
    [say, typeName],
  );
  return (
    <div>
      <div className="sj-section-head">
        <h2>{say('thingsTypes')}</h2>
      </div>
      <DataTable
        label={say('thingsTypes')}
        columns={columns}
        rows={types}
        rowKey={({ type }) => type}
      />
    </div>
  );
}
