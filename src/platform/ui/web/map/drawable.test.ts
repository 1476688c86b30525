import { expect, test } from 'vitest';
import { drawable } from './drawable.ts';

const geometry = { type: 'Point' as const, coordinates: [121.55, 29.87] };

test('a vessel from the API is drawn with its name, pointing where it goes', () => {
  const properties = { type: 'Vessel', name: '甬港拖 7', course: 90, demo: false };
  expect(drawable({ type: 'Feature', id: 'urn:v:7', geometry, properties }).properties).toEqual({
    id: 'urn:v:7',
    type: 'Vessel',
    label: '甬港拖 7',
    bearing: 90,
    demo: false,
  });
});

test('what has neither name nor course is a dot without a label', () => {
  const properties = { type: 'Streetlight', name: null, course: null };
  const drawn = drawable({ type: 'Feature', id: 'urn:l:1', geometry, properties });
  expect(drawn.properties).toEqual({ id: 'urn:l:1', type: 'Streetlight' });
});
