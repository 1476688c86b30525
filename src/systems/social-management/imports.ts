import { Refusal } from '#kernel/errors';
import type { Importer, ImportProgress, Words } from '#kernel/module';
import type { Context, Operation } from '#platform/context';
import { translateStations } from './feeds/cnemc/translate.ts';
import { readBestTracks } from './feeds/jtwc/best-track.ts';
import { readTracksWithRadii } from './feeds/superbt/wind-radii.ts';
import type { TrackOrFault } from './feeds/tracks.ts';
import type { Track } from './typhoon/track.ts';
import type { Typhoons } from './typhoon/typhoons.ts';

const BATCH_MAX = 500;
const TRACKS_BATCH_MAX = 20;
const FAULTS_SHOWN_MAX = 10;
/** One hour of the whole national network is 1.3 MB. */
const JSON_BYTES_MAX = 64 * 1024 * 1024;

const readJson = async (source: AsyncIterable<Uint8Array>): Promise<unknown> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > JSON_BYTES_MAX)
      throw new Refusal('too-large', 'A file of stations may have at most 64 MiB.', { bytes });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new Refusal('invalid', `The file is not JSON: ${(error as Error).message}.`);
  }
};

const airQuality = (context: Context): Importer => ({
  id: 'air-quality',
  title: { zh: '空气质量监测站小时值（总站发布）', en: 'Air quality stations, one hour (CNEMC)' },
  run: async function* (source, { checkpoint }): AsyncGenerator<ImportProgress> {
    const translated = [...translateStations(await readJson(source))];
    const faults = translated
      .slice(0, checkpoint)
      .flatMap((t) => ('refused' in t ? [t.refused] : []));
    const progress = (done: number): ImportProgress => ({
      done,
      total: translated.length,
      refused: faults.length,
      checkpoint: done,
      faults: faults.slice(0, FAULTS_SHOWN_MAX),
    });
    for (let from = checkpoint; from < translated.length; from += BATCH_MAX) {
      const batch = translated.slice(from, from + BATCH_MAX);
      const operations: Operation[] = [];
      for (const item of batch) {
        if ('refused' in item) faults.push(item.refused);
        else
          operations.push({
            kind: 'append',
            entity: context.toFragment(item.entity),
            orCreate: true,
          });
      }
      for (const outcome of await context.write(operations))
        if (outcome.done === 'refused') faults.push(`${outcome.id}: ${outcome.detail}`);
      yield progress(from + batch.length);
    }
    if (translated.length <= checkpoint) yield progress(translated.length);
  },
});

const tracks = (
  id: string,
  title: Words,
  read: (source: AsyncIterable<Uint8Array>) => AsyncIterable<TrackOrFault>,
  typhoons: Typhoons,
): Importer => ({
  id,
  title,
  run: async function* (source, { checkpoint, args }): AsyncGenerator<ImportProgress> {
    const only = args['sn'];
    const faults: string[] = [];
    let [done, refused, batch]: [number, number, Track[]] = [0, 0, []];
    const store = async (): Promise<ImportProgress> => {
      await typhoons.add(batch);
      batch = [];
      return { done, refused, checkpoint: done, faults: faults.slice(0, FAULTS_SHOWN_MAX) };
    };
    for await (const item of read(source)) {
      if ('refused' in item) {
        refused += 1;
        if (faults.length < FAULTS_SHOWN_MAX) faults.push(item.refused);
        continue;
      }
      done += 1;
      if (done <= checkpoint || (only !== undefined && item.track.sn !== only)) continue;
      batch.push(item.track);
      if (batch.length >= TRACKS_BATCH_MAX) yield await store();
    }
    yield await store();
  },
});

/** `air-quality`, `typhoon` (JTWC; `sn=202109` takes one of the table) and `typhoon-radii` (superBT). */
export const openImporters = (context: Context, typhoons: Typhoons): readonly Importer[] => [
  airQuality(context),
  tracks(
    'typhoon',
    { zh: '台风最佳路径（JTWC）', en: 'Best tracks of typhoons (JTWC)' },
    readBestTracks,
    typhoons,
  ),
  tracks(
    'typhoon-radii',
    {
      zh: '台风最佳路径与风圈（superBT）',
      en: 'Best tracks of typhoons with wind radii (superBT)',
    },
    readTracksWithRadii,
    typhoons,
  ),
];
