import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useLanguage, type Language } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { formatNumber, formatTime } from '../time/format.ts';
import { nextSort, type Cell, type Column, type Sort, type View } from './columns.ts';

type Props<T> = {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly view: View;
  readonly onSort: (sort: Sort | undefined) => void;
  readonly onOpen: ((row: T) => void) | undefined;
};

/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role,
   jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-interactions,
   jsx-a11y/no-noninteractive-tabindex -- cards on a phone lose the table's roles; what scrolls takes the keyboard */

/** The rows. Roles are written out, because a phone's style makes cards of the same elements. */
export function TableGrid<T>({ label, columns, rows, rowKey, view, onSort, onOpen }: Props<T>) {
  const say = uiWords.useText();
  const language = useLanguage();
  const body = useRef<HTMLTableSectionElement>(null);
  const numbers = new Set(columns.filter((column) => numeric(rows, column)));

  return (
    <div className="sj-table-scroll" tabIndex={0} role="group" aria-label={label}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                data-number={numbers.has(column) || undefined}
                style={{ width: column.width }}
                aria-sort={sortOf(view.sort, column.key)}
              >
                {column.sortable ? (
                  <button
                    type="button"
                    title={say('sortBy')}
                    onClick={() => onSort(nextSort(view.sort, column.key))}
                  >
                    {heading(column)} <SortMark sort={sortOf(view.sort, column.key)} />
                  </button>
                ) : (
                  heading(column)
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body} onKeyDown={(event) => moveFocus(event, body.current)}>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              role="row"
              data-opens={onOpen ? true : undefined}
              onClick={onOpen && (() => onOpen(row))}
            >
              {columns.map((column, at) => (
                <td
                  key={column.key}
                  role="cell"
                  data-label={column.unit ? `${column.title} (${column.unit})` : column.title}
                  data-number={numbers.has(column) || undefined}
                >
                  {at === 0 && onOpen ? (
                    <button
                      type="button"
                      className="sj-table-open"
                      onClick={(event) => {
                        event.stopPropagation();
                        onOpen(row);
                      }}
                    >
                      {content(column, row, language)}
                    </button>
                  ) : (
                    content(column, row, language)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function heading<T>({ title, unit }: Column<T>): ReactNode {
  return unit ? (
    <>
      {title} <small>{unit}</small>
    </>
  ) : (
    title
  );
}

function content<T>(column: Column<T>, row: T, language: Language): ReactNode {
  return column.render ? column.render(row) : cellText(column.value(row), language, column.digits);
}

function cellText(cell: Cell, language: Language, digits?: number): string {
  if (cell === null || cell === undefined || cell === '') return '–';
  if (typeof cell === 'number') return formatNumber(cell, language, digits);
  if (cell instanceof Date) return formatTime(cell, language);
  return typeof cell === 'boolean' ? (cell ? '✓' : '–') : cell;
}

function numeric<T>(rows: readonly T[], column: Column<T>): boolean {
  return rows.some((row) => typeof column.value(row) === 'number');
}

function sortOf(sort: Sort | undefined, key: string): 'ascending' | 'descending' | 'none' {
  if (sort?.key !== key) return 'none';
  return sort.order === 'asc' ? 'ascending' : 'descending';
}

function SortMark({ sort }: { sort: ReturnType<typeof sortOf> }) {
  return <span aria-hidden>{{ ascending: '↑', descending: '↓', none: '↕' }[sort]}</span>;
}

/** Arrow keys, Home and End go from row to row. */
function moveFocus(event: KeyboardEvent, body: HTMLElement | null): void {
  const buttons = [...(body?.querySelectorAll<HTMLElement>('.sj-table-open') ?? [])];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
  const next = buttons[steps[event.key as keyof typeof steps] ?? -1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
