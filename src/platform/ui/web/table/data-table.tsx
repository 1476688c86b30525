import { Button, Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { Empty, ErrorState, Loading } from '../parts/states.tsx';
import { useLanguage } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { sortRows, type Column, type View } from './columns.ts';
import { download, toCsv } from './csv.ts';
import { Pager } from './pager.tsx';
import { TableGrid } from './table-grid.tsx';
import './table.css';

export type DataTableProps<T> = {
  /** What the table holds; read out by screen readers and used as the file name. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** The rows of this page; undefined while they are on their way. */
  readonly rows: readonly T[] | undefined;
  readonly rowKey: (row: T) => string;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  /** Opens a row: its first cell becomes a button, and the whole row can be pressed. */
  readonly onOpen?: (row: T) => void;
  /**
   * With `view` and `onView` the server pages and sorts, and `total` is what it counted (leave it
   * out when it did not: then `next` may be pressed while pages are full). Without them all rows
   * are here, and the table pages and sorts them itself.
   */
  readonly view?: View;
  readonly onView?: (view: View) => void;
  readonly total?: number;
  readonly empty?: ReactNode;
  /** Filters and actions, left of export and density. */
  readonly tools?: ReactNode;
};

/** A table for work: paging, sorting, units, density, export; cards on a phone. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { label, columns, rows, rowKey, error, onRetry, onOpen, empty, tools } = props;
  const say = uiWords.useText();
  const language = useLanguage();
  const [dense, setDense] = useState(() => localStorage.getItem(DENSITY_KEY) === 'dense');
  const [ownView, setOwnView] = useState<View>({ page: 1, size: 20 });
  const served = props.onView !== undefined;
  const view = (served ? props.view : undefined) ?? ownView;
  const setView = props.onView ?? setOwnView;

  const sorted = served ? (rows ?? []) : sortRows(rows ?? [], columns, view.sort, language);
  const start = (view.page - 1) * view.size;
  const shown = served ? sorted : sorted.slice(start, start + view.size);
  const total = served ? props.total : sorted.length;

  return (
    <section className="sj-table" data-dense={dense || undefined} aria-label={label}>
      <div className="sj-table-tools">
        <div className="sj-table-own">{tools}</div>
        <Segmented
          className="sj-table-density"
          size="small"
          aria-label={say('density')}
          value={dense ? 'dense' : 'normal'}
          options={[
            { value: 'normal', label: say('densityNormal') },
            { value: 'dense', label: say('densityDense') },
          ]}
          onChange={(next) => {
            localStorage.setItem(DENSITY_KEY, next);
            setDense(next === 'dense');
          }}
        />
        <Button
          size="small"
          title={say('exportCsvHint')}
          disabled={shown.length === 0}
          onClick={() => download(`${label}.csv`, toCsv(shown, columns))}
        >
          {say('exportCsv')}
        </Button>
      </div>
      {error ? (
        <ErrorState error={error} {...(onRetry ? { onRetry } : {})} />
      ) : rows === undefined ? (
        <Loading height={240} />
      ) : shown.length === 0 ? (
        (empty ?? <Empty title={say('emptyTable')} />)
      ) : (
        <TableGrid
          {...{ label, columns, rowKey, view, onOpen }}
          rows={shown}
          onSort={(sort) =>
            setView({ page: 1, size: view.size, ...(sort === undefined ? {} : { sort }) })
          }
        />
      )}
      {(shown.length > 0 || view.page > 1) && (
        <Pager of={label} view={view} total={total} shown={shown.length} onView={setView} />
      )}
    </section>
  );
}

const DENSITY_KEY = 'sanjiang.density';
