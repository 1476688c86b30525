import { expect, test } from 'vitest';
import { attributeName } from './attribute-name.ts';

test('an attribute has a name in both languages, and its own spelt apart where it has none', () => {
  expect(attributeName('pm25', 'en')).toBe('PM2.5');
  expect(attributeName('waterLevel', 'en')).toBe('Water level');
  expect(attributeName('waterLevel', 'zh-CN')).not.toBe('waterLevel');
  expect(attributeName('https://example.org/ns#craneLoad', 'en')).toBe('Crane load');
  expect(attributeName('XYZ_1', 'zh-CN')).toBe('XYZ_1');
});
