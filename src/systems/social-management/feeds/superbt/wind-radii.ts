import type { WindRadii } from '../../typhoon/track.ts';
import { csvRows, type Row } from '../csv.ts';
import {
  gatherTracks,
  knotsToMs,
  numberIn,
  placeIn,
  utcHour,
  type TrackOrFault,
  type TrackRow,
} from '../tracks.ts';

const QUADRANTS = ['ne', 'se', 'sw', 'nw'] as const;
type Quadrant = (typeof QUADRANTS)[number];

const COLUMNS = [
  'dtg',
  'stmid',
  'sname',
  'rlat',
  'rlon',
  'vmax',
  'pmin',
  ...['r34', 'r50'].flatMap((radius) => ['m', ...QUADRANTS].map((part) => radius + part)),
];

const NMI_KM = 1.852;

type Radii = Partial<Record<Quadrant, number>>;

const readRadii = (cells: Row['cells'], radius: 'r34' | 'r50'): Radii =>
  Object.fromEntries(
    QUADRANTS.flatMap((quadrant) => {
      const nmi = numberIn(cells[radius + quadrant], 1, 1000);
      return nmi === undefined ? [] : [[quadrant, nmi]];
    }),
  );

/**
 * The table's r50sw repeats r34sw, a fault of its source, but its mean r50m is right: from the mean and the other quadrants
 * follows the missing one. Where the others alone already have that mean, nothing follows.
 */
const mendSouthWest = (radii: Radii, mean: number | undefined): Radii => {
  const { ne, se, nw } = radii;
  const others = [ne, se, nw].filter((nmi) => nmi !== undefined);
  const mended: Radii = { ...radii };
  delete mended.sw;
  if (mean === undefined || others.length === 0) return mended;
  const sum = others.reduce((total, nmi) => total + nmi, 0);
  const sw = (others.length + 1) * mean - sum;
  if (Math.abs(sum / others.length - mean) > 0.5 && sw > 0) mended.sw = sw;
  return mended;
};

const toKm = (windMs: number, radii: Radii): WindRadii[] => {
  const km = Object.entries(radii).map(([quadrant, nmi]) => [quadrant, Math.round(nmi * NMI_KM)]);
  return km.length === 0 ? [] : [{ windMs, ...(Object.fromEntries(km) as Radii) }];
};

const readRow = ({ line, cells }: Row): TrackRow => {
  const time = /^(\d{4})(\d{2})(\d{2})(\d{2})$/
    .exec(cells['dtg'] ?? '')
    ?.slice(1)
    .map(Number);
  const [year = 0, month = 0, day = 0, hour = 24] = time ?? [];
  const at = utcHour(year, month, day, hour);
  const storm = /^(\d{2})w\.(\d{4})$/i.exec(cells['stmid'] ?? '');
  const position = placeIn(cells['rlon'], cells['rlat']);
  if (!storm)
    return {
      refused: `line ${line}: stmid is no number of the western North Pacific: ${cells['stmid']}`,
    };
  if (!at) return { refused: `line ${line}: dtg is no hour: ${cells['dtg']}` };
  if (!position) return { refused: `line ${line}: rlat and rlon are no place` };
  const knots = numberIn(cells['vmax'], 1, 300);
  const mean50 = numberIn(cells['r50m'], 1, 1000);
  const radii = [
    ...toKm(knotsToMs(34), readRadii(cells, 'r34')),
    ...toKm(knotsToMs(50), mendSouthWest(readRadii(cells, 'r50'), mean50)),
  ];
  return {
    sn: `${storm[2]}${storm[1]}`,
    name: cells['sname']?.trim() || undefined,
    point: {
      at,
      position,
      windMs: knots === undefined ? undefined : knotsToMs(knots),
      pressureHpa: numberIn(cells['pmin'], 800, 1100),
      radii: radii.length > 0 ? radii : undefined,
    },
  };
};

/**
 * The tracks of a superBT table (CSV of M. Fiorino's merged best tracks; knots, hPa, nautical miles, UTC) with names and
 * the radii of winds of 34 and 50 knots. Throws Refusal('invalid') where the columns are missing.
 */
export const readTracksWithRadii = (
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<TrackOrFault> => {
  const rows = async function* (): AsyncGenerator<TrackRow> {
    for await (const row of csvRows(source, COLUMNS)) yield readRow(row);
  };
  return gatherTracks(rows());
};
