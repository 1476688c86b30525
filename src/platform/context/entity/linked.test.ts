import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import type { Entity } from '../model.ts';
import { gatherLinked, LINKED_ENTITIES_MAX } from './linked.ts';

const thing = (id: string, ...to: string[]): Entity => ({
  id,
  types: [':Thing'],
  scopes: [],
  attributes: { ':next': [{ type: 'Relationship', object: to }] },
  createdAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: '2026-01-01T00:00:00.000Z',
});
const NOBODY: ReadonlySet<string> = new Set();

/** Who is gathered from the first, and how often it was read for it. */
const walk = async (things: readonly Entity[], levels: number, containedBy = NOBODY) => {
  let reads = 0;
  const linked = await gatherLinked([{ entity: things[0]!, projection: {} }], {
    levels,
    containedBy,
    read: async (ids) => {
      reads += 1;
      return things.filter(({ id }) => ids.includes(id));
    },
  });
  return { ids: linked.map(({ entity }) => entity.id), reads };
};

describe('linked entities', () => {
  it('are gathered level by level, one read each', async () => {
    const chain = [
      thing('a', 'b', 'c'),
      thing('b', 'd'),
      thing('c', 'd'),
      thing('d', 'e'),
      thing('e'),
    ];
    expect(await walk(chain, 1)).toEqual({ ids: ['b', 'c'], reads: 1 });
    expect(await walk(chain, 2)).toEqual({ ids: ['b', 'c', 'd'], reads: 2 });
    expect(await walk(chain, 9)).toEqual({ ids: ['b', 'c', 'd', 'e'], reads: 3 });
  });

  it('are left out where they are not there, or were met before', async () => {
    expect(await walk([thing('a', 'gone')], 3)).toEqual({ ids: [], reads: 1 });
    const chain = [thing('a', 'b'), thing('b', 'c'), thing('c')];
    expect(await walk(chain, 3, new Set(['b']))).toEqual({ ids: [], reads: 0 });
  });

  it('end where they go in rings (clause 4.5.23.1)', async () => {
    const ring = [thing('a', 'b'), thing('b', 'c'), thing('c', 'a')];
    expect(await walk(ring, 10)).toEqual({ ids: ['b', 'c', 'a'], reads: 2 });
  });

  it('are refused where there are too many', async () => {
    const ids = Array.from({ length: LINKED_ENTITIES_MAX + 1 }, (_, n) => `n${n}`);
    await expect(walk([thing('a', ...ids)], 1)).rejects.toThrow(Refusal);
  });
});
