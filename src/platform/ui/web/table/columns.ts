import type { ReactNode } from 'react';

export type Cell = string | number | boolean | Date | null | undefined;

/** One column of a table of `T`. */
export type Column<T> = {
  readonly key: string;
  readonly title: string;
  /** The plain value: sorted by, exported, and shown unless `render` is given. */
  readonly value: (row: T) => Cell;
  readonly render?: (row: T) => ReactNode;
  /** Unit of all values; shown in the heading, exported with it. */
  readonly unit?: string;
  readonly sortable?: boolean;
  /** Decimals of a number, at most; default 2. */
  readonly digits?: number;
  readonly width?: number | string;
};

export type Sort = { readonly key: string; readonly order: 'asc' | 'desc' };

/** Which part of all rows is shown, and how sorted. */
export type View = { readonly page: number; readonly size: number; readonly sort?: Sort };

export const PAGE_SIZES = [20, 50, 100] as const;

/** Sorts rows here in the browser: numbers by size, texts by the language, nothing last. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: Sort | undefined,
  language: string,
): T[] {
  const column = columns.find(({ key }) => key === sort?.key);
  if (!sort || !column) return [...rows];
  const collator = new Intl.Collator(language, { numeric: true });
  const sign = sort.order === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [plain(column.value(a)), plain(column.value(b))];
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * collator.compare(String(x), String(y));
  });
}

function plain(cell: Cell): string | number | undefined {
  if (cell === null || cell === undefined || cell === '') return undefined;
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === 'boolean' ? Number(cell) : cell;
}

/** What the next press on a heading sorts by: up, down, as it came. */
export function nextSort(now: Sort | undefined, key: string): Sort | undefined {
  if (now?.key !== key) return { key, order: 'asc' };
  return now.order === 'asc' ? { key, order: 'desc' } : undefined;
}
