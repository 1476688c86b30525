import { useMemo } from 'react';
import { DataTable, Empty, type Column } from '#platform/ui/web';
import type { Consumer } from './api.ts';
import { operationsWords } from './words.ts';

/** Who takes events, and how far behind each is. */
export function Consumers({ consumers }: { consumers: readonly Consumer[] }) {
  const say = operationsWords.useText();
  const columns = useMemo<readonly Column<Consumer>[]>(
    () => [
      { key: 'name', title: say('consumer'), value: ({ name }) => name, sortable: true },
      { key: 'lag', title: say('behind'), value: ({ lag }) => lag, sortable: true, digits: 0 },
      {
        key: 'failures',
        title: say('failures'),
        value: ({ failures }) => failures,
        sortable: true,
        digits: 0,
      },
    ],
    [say],
  );
  return (
    <div>
      <div className="sj-section-head">
        <h2>{say('consumers')}</h2>
        <span className="sj-soft">{say('consumersAbout')}</span>
      </div>
      <DataTable
        label={say('consumers')}
        columns={columns}
        rows={consumers}
        rowKey={({ name }) => name}
        empty={<Empty title={say('consumersNone')} />}
      />
    </div>
  );
}
