import { expect, test } from 'vitest';
import { nextSort, sortRows, type Column } from './columns.ts';
import { toCsv } from './csv.ts';

type Station = { name: string; pm: number | null; at: Date };
const columns: Column<Station>[] = [
  { key: 'name', title: '名称', value: (s) => s.name },
  { key: 'pm', title: 'PM2.5', unit: 'µg/m³', value: (s) => s.pm },
  { key: 'at', title: 'Time', value: (s) => s.at },
];
const at = new Date('2026-08-01T00:00:00Z');
const rows: Station[] = [
  { name: '鄞州 "东"', pm: 9, at },
  { name: '海曙, 西', pm: 35.5, at },
  { name: '=HYPERLINK("x")', pm: null, at },
];

test('the export is what RFC 4180 says, with units in the headings', () => {
  expect(toCsv(rows, columns)).toBe(
    '\uFEFF名称,PM2.5 (µg/m³),Time\r\n' +
      '"鄞州 ""东""",9,2026-08-01T00:00:00.000Z\r\n' +
      '"海曙, 西",35.5,2026-08-01T00:00:00.000Z\r\n' +
      '"\'=HYPERLINK(""x"")",,2026-08-01T00:00:00.000Z\r\n',
  );
});

test('numbers sort by size, and what has none comes last either way', () => {
  const up = sortRows(rows, columns, { key: 'pm', order: 'asc' }, 'zh-CN');
  const down = sortRows(rows, columns, { key: 'pm', order: 'desc' }, 'zh-CN');
  expect(up.map((s) => s.pm)).toEqual([9, 35.5, null]);
  expect(down.map((s) => s.pm)).toEqual([35.5, 9, null]);
});

test('Chinese names sort by pinyin', () => {
  const names = sortRows(rows.slice(0, 2), columns, { key: 'name', order: 'asc' }, 'zh-CN');
  expect(names.map((s) => s.name[0])).toEqual(['海', '鄞']);
});

test('a heading goes up, down, and back', () => {
  const up = nextSort(undefined, 'pm');
  const down = nextSort(up, 'pm');
  expect([up?.order, down?.order, nextSort(down, 'pm')]).toEqual(['asc', 'desc', undefined]);
});
