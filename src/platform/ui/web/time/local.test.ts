import { expect, test } from 'vitest';
import { fromLocalText, toLocalText } from './local.ts';

test('a time of the house survives the input of the browser, whatever its zone', () => {
  expect(fromLocalText(toLocalText('2021-07-25T04:30:00.000Z'))).toBe('2021-07-25T04:30:00.000Z');
});

test('an unfinished or unreadable time is none', () => {
  expect(fromLocalText('')).toBeUndefined();
  expect(toLocalText('soon')).toBe('');
  expect(toLocalText(undefined)).toBe('');
});
