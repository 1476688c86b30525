import { expect, test } from 'vitest';
import type { Attributes } from '../model.ts';
import { packStamps, unpackStamps } from './stamps.ts';

const times = { createdAt: '2026-08-01T00:00:00.000Z', modifiedAt: '2026-08-02T00:00:00.000Z' };

test('times that are not the entity’s own travel, the others come back', () => {
  const attributes: Attributes = {
    ':a': [{ type: 'Property', value: 1, ...times }],
    ':b': [
      { type: 'Property', value: 2, createdAt: times.modifiedAt, modifiedAt: times.modifiedAt },
    ],
    ':c': [{ type: 'Property', value: 3, createdAt: times.createdAt, modifiedAt: times.createdAt }],
  };
  expect(packStamps(attributes, times)).toEqual({
    ':a': [{ type: 'Property', value: 1 }],
    ':b': [{ type: 'Property', value: 2, createdAt: times.modifiedAt }],
    ':c': [{ type: 'Property', value: 3, modifiedAt: times.createdAt }],
  });
  expect(unpackStamps(packStamps(attributes, times), times)).toEqual(attributes);
});
