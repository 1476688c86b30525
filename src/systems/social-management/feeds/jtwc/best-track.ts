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

const COLUMNS = ['Year', 'Month', 'Day', 'Hour', 'Lat', 'Lon', 'VMax', 'MSLP', 'SN'] as const;

const readRow = ({ line, cells }: Row): TrackRow => {
  const time = ['Year', 'Month', 'Day', 'Hour'].map((column) => numberIn(cells[column], 0, 9999));
  const [year = 0, month = 0, day = 0, hour = 24] = time;
  const at = utcHour(year, month, day, hour);
  const position = placeIn(cells['Lon'], cells['Lat']);
  const sn = /^\d{6}$/.exec(cells['SN'] ?? '')?.[0];
  if (!sn) return { refused: `line ${line}: SN is no season and number: ${cells['SN']}` };
  if (!at || year < 1850) return { refused: `line ${line}: there is no such hour` };
  if (!position) return { refused: `line ${line}: Lat and Lon are no place` };
  const knots = numberIn(cells['VMax'], 1, 300); // −999 and 0 stand for "not known"
  return {
    sn,
    point: {
      at,
      position,
      windMs: knots === undefined ? undefined : knotsToMs(knots),
      pressureHpa: numberIn(cells['MSLP'], 800, 1100), // so do −1 and 0
    },
  };
};

/**
 * The tracks of a JTWC best-track table (CSV; knots, 1-minute averages; hPa; UTC), one after another. The table has no
 * names; a cyclone is known by its SN. Throws Refusal('invalid') where the columns are missing.
 */
export const readBestTracks = (source: AsyncIterable<Uint8Array>): AsyncGenerator<TrackOrFault> => {
  const rows = async function* (): AsyncGenerator<TrackRow> {
    for await (const row of csvRows(source, COLUMNS)) yield readRow(row);
  };
  return gatherTracks(rows());
};
