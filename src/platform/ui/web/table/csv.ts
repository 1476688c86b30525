import type { Cell, Column } from './columns.ts';

const BYTE_ORDER_MARK = '\uFEFF'; // without it Excel reads Chinese as Latin-1
const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet would run it

/** The rows as RFC 4180 text in UTF-8 with a byte order mark, headings with units. */
export function toCsv<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const head = columns.map(({ title, unit }) => field(unit ? `${title} (${unit})` : title));
  const body = rows.map((row) => columns.map((column) => field(column.value(row))).join(','));
  return `${BYTE_ORDER_MARK}${[head.join(','), ...body].join('\r\n')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands the browser a file to keep. */
export function download(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
