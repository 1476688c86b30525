import { Refusal } from '#kernel/errors';
import type { Importer, Kernel } from '#kernel/module';
import { readBoundaries, replaceBoundaries } from './boundaries.ts';
import type { District } from './city.ts';
import type { RegistersTables } from './tables.ts';

/** Boundaries of a few dozen districts in full detail take less. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * `import boundaries FILE source=… [datum=gcj02]`: a GeoJSON file of official boundaries, which then decide where a
 * position lies. All or nothing, so there is no checkpoint to resume from.
 */
export const boundaryImporter = (
  kernel: Pick<Kernel<RegistersTables>, 'transact' | 'clock'>,
  districts: () => readonly District[],
): Importer => ({
  id: 'boundaries',
  title: { zh: '官方区县界线（GeoJSON）', en: 'Official district boundaries (GeoJSON)' },
  run: async function* (source, { args }) {
    const datum = args['datum'] ?? 'wgs84';
    if (datum !== 'wgs84' && datum !== 'gcj02')
      throw new Refusal('invalid', `datum=${datum} is neither wgs84 nor gcj02.`);
    if (!args['source'])
      throw new Refusal(
        'invalid',
        'Say where the boundaries are from, such as source="Ningbo, 2025".',
      );
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > FILE_BYTES_MAX)
        throw new Refusal(
          'too-large',
          `A file of boundaries holds at most ${FILE_BYTES_MAX} bytes.`,
        );
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const { boundaries, faults } = readBoundaries(text, districts(), datum);
    if (boundaries.length === 0)
      throw new Refusal(
        'invalid',
        `The file has no district of this city. ${faults[0] ?? ''}`.trim(),
      );
    await replaceBoundaries(kernel, boundaries, { source: args['source'], clock: kernel.clock });
    yield {
      done: boundaries.length,
      total: boundaries.length + faults.length,
      refused: faults.length,
      checkpoint: boundaries.length,
      faults: faults.slice(0, 10),
    };
  },
});
