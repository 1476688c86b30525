import type { Sql } from '#kernel/database';
import { must } from '#kernel/errors';
import { type Place, placesOf, type Range, rootOf } from '../merkle/tree.ts';

const keyOf = ({ level, position }: Place) => `${level}/${position}`;

/** Reads perfect subtrees' roots, leaves among them; all of them must be there. */
export const readNodes = async (
  sql: Sql,
  places: readonly Place[],
): Promise<(place: Place) => Buffer> => {
  const found = new Map<string, Buffer>();
  if (places.length > 0) {
    const { rows } = await sql.query<Place & { hash: string }>({
      name: 'audit.places',
      text: `select 0 as level, leaf_index as position, hash from audit.leaves where leaf_index = any($1::bigint[])
             union all
             select n.level::int, n.position, n.hash from unnest($2::smallint[], $3::bigint[]) as w (level, position)
             join audit.nodes n using (level, position)`,
      values: [
        places.filter((p) => p.level === 0).map((p) => p.position),
        places.filter((p) => p.level > 0).map((p) => p.level),
        places.filter((p) => p.level > 0).map((p) => p.position),
      ],
    });
    for (const row of rows) found.set(keyOf(row), Buffer.from(row.hash, 'hex'));
  }
  return (place) => {
    const hash = found.get(keyOf(place));
    must(hash, `the tree lacks the node ${keyOf(place)}`);
    return hash;
  };
};

/** The roots of ranges of leaves, in the order asked for. */
export const readRanges = async (sql: Sql, ranges: readonly Range[]): Promise<Buffer[]> => {
  const hashOf = await readNodes(sql, ranges.flatMap(placesOf));
  return ranges.map((range) => rootOf(placesOf(range).map(hashOf)));
};
