import { createReadStream, existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { passage, type Track } from '../typhoon/track.ts';
import { readBestTracks } from './jtwc/best-track.ts';
import { readTracksWithRadii } from './superbt/wind-radii.ts';
import type { TrackOrFault } from './tracks.ts';

const SHARED = new URL('../../../../../shared/data/', import.meta.url);
const JTWC = new URL('weather/jtwc/JTWC.csv', SHARED);
const NINGBO = [121.55, 29.87] as const;

const collect = async (source: AsyncIterable<TrackOrFault>) => {
  const [tracks, refused]: [Track[], string[]] = [[], []];
  for await (const item of source) {
    if ('track' in item) tracks.push(item.track);
    else refused.push(item.refused);
  }
  return { tracks, refused };
};

const text = async function* (content: string) {
  yield new TextEncoder().encode(content);
};

const pointAt = (track: Track | undefined, at: string) =>
  track?.points.find((p) => p.at === `${at}:00:00.000Z`);

describe.skipIf(!existsSync(JTWC))('the best tracks of 1945 to 2021 (shared data)', () => {
  test('are all read, and In-Fa passes 61 km from Ningbo by its points, 56 km between them', async () => {
    const { tracks, refused } = await collect(readBestTracks(createReadStream(JTWC)));
    expect(refused).toEqual([]);
    expect(tracks.reduce((total, track) => total + track.points.length, 0)).toBe(63_457);
    const of = (sn: string) => tracks.find((track) => track.sn === sn)!;
    expect([of('201322'), of('201910'), of('202109')].map((t) => t.points.length)).toEqual([
      30, 36, 57,
    ]);
    const near = passage(of('202109').points, NINGBO)!;
    expect(Math.round(near.nearestPoint.km)).toBe(61);
    expect(near.nearestPoint.at).toBe('2021-07-25T18:00:00.000Z');
    expect(Math.round(near.closest.km)).toBe(56);
  });
});

describe.skipIf(!existsSync(new URL('typhoon/', SHARED)))(
  'three tracks with wind radii (shared data)',
  () => {
    const read = async (name: string) =>
      (await collect(readTracksWithRadii(createReadStream(new URL(`typhoon/${name}.csv`, SHARED)))))
        .tracks[0];

    test('have the winds, pressures and places that are known of them', async () => {
      const [fitow, lekima, inFa] = [
        await read('fitow-2013'),
        await read('lekima-2019'),
        await read('in-fa-2021'),
      ];
      expect([fitow, lekima, inFa].map((t) => [t?.sn, t?.name, t?.points.length])).toEqual([
        ['201322', 'FITOW', 30],
        ['201910', 'LEKIMA', 33],
        ['202109', 'IN-FA', 56],
      ]);
      expect(Math.max(...fitow!.points.map((p) => p.windMs!))).toBe(46.3); // 90 kt
      expect(pointAt(fitow, '2013-10-06T18')).toMatchObject({
        position: [120.5, 27.3],
        windMs: 28.3,
      });
      expect(pointAt(lekima, '2019-08-08T12')).toMatchObject({ windMs: 69.5, pressureHpa: 905 });
      expect(pointAt(lekima, '2019-08-10T00')).toMatchObject({ position: [120.9, 29.2] });
      expect(pointAt(inFa, '2021-07-25T00')).toMatchObject({
        position: [122.9, 29.7],
        windMs: 28.3,
      });
    });

    test('have the south-west radius of 50-knot winds that their mean implies, not the repeated one', async () => {
      const inFa = await read('in-fa-2021');
      // r50m 106, ne 124, se 109, nw 99: 4 · 106 − 332 = 92 nmi; the table repeats 165 of the 34-knot winds
      expect(pointAt(inFa, '2021-07-25T00')?.radii).toEqual([
        { windMs: 17.5, ne: 407, se: 361, sw: 306, nw: 333 },
        { windMs: 25.7, ne: 230, se: 202, sw: 170, nw: 183 },
      ]);
    });
  },
);

const HEADER = 'CY,Year,Month,Day,Hour,Lat,Lon,VMax,MSLP,SN,Cat\n';

test('what stands for "not known" is absent, and an impossible row is refused by its line', async () => {
  const { tracks, refused } = await collect(
    readBestTracks(
      text(
        `${HEADER}1,1950,5,1,0,9.5,190.5,-999.0,-1.0,195001,TD\n` +
          '1,1950,2,30,0,9.5,160.3,25.0,,195001,TD\n1,1950,5,1,6,95,160.3,25.0,,195001,TD\n' +
          '1,1950,5,1,12,9.5,160.3,25.0,,x,TD\n',
      ),
    ),
  );
  expect(tracks).toEqual([
    {
      sn: '195001',
      name: undefined,
      points: [
        {
          at: '1950-05-01T00:00:00.000Z',
          position: [-169.5, 9.5],
          windMs: undefined,
          pressureHpa: undefined,
        },
      ],
    },
  ]);
  expect(refused).toEqual([
    'line 3: there is no such hour',
    'line 4: Lat and Lon are no place',
    'line 5: SN is no season and number: x',
  ]);
});

test('a table without the columns is refused as a whole', async () => {
  await expect(collect(readBestTracks(text('a,b\n1,2\n')))).rejects.toThrow(
    'no column Year, Month',
  );
  await expect(collect(readBestTracks(text('')))).rejects.toThrow('no rows');
  await expect(collect(readBestTracks(text(`${HEADER}"1,2\n`)))).rejects.toThrow('cannot be read');
});
