import type { Feature } from 'geojson';
import { expect, test } from 'vitest';
import { liveSource } from './live.ts';

const bus = (id: string, lon: number): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, 29.87] },
  properties: { id },
});

function fake() {
  const runs: (() => void)[] = [];
  const drawn: { add: string[]; remove: string[] }[] = [];
  const source = {
    updateData: async (diff: { add?: Feature[]; remove?: unknown[] }) => {
      const add = (diff.add ?? []).map(
        (f) =>
          `${f.properties!['id']}@${JSON.stringify((f.geometry as { coordinates: number[] }).coordinates[0])}`,
      );
      drawn.push({ add, remove: (diff.remove ?? []) as string[] });
    },
  };
  const clock = { later: (run: () => void) => runs.push(run) };
  const tick = async () => {
    runs.splice(0).forEach((run) => run());
    await Promise.resolve();
    await Promise.resolve();
  };
  return { drawn, tick, live: liveSource(source as never, false, clock) };
}

test('five hundred positions between two drawings are one drawing of where each is now', async () => {
  const { drawn, tick, live } = fake();
  for (let n = 0; n < 500; n++) live.add({ upsert: [bus(`b${n % 2}`, 121 + n)] });
  expect(drawn).toEqual([]);
  await tick();
  expect(drawn).toEqual([{ add: ['b0@619', 'b1@620'], remove: [] }]);
});

test('what comes and goes between two drawings is removed', async () => {
  const { drawn, tick, live } = fake();
  live.add({ upsert: [bus('b1', 121)] });
  live.add({ remove: ['b1'] });
  await tick();
  expect(drawn).toEqual([{ add: [], remove: ['b1'] }]);
});

test('after the page has loaded everything anew, older changes are dropped', async () => {
  const { drawn, tick, live } = fake();
  live.add({ upsert: [bus('b1', 121)] });
  live.forget();
  await tick();
  expect(drawn).toEqual([]);
});
