import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileNames, coreNames, iriOf } from './compile.ts';
import { CORE_TERMS, DEFAULT_VOCAB } from './core-context.ts';

const published = (version: string) =>
  `../shared/data/ngsi-ld/ngsi-ld-core-context-v${version}.jsonld`;
/** Terms that a later version dropped or moved. */
const CHANGED_SINCE: Readonly<Record<string, readonly string[]>> = {
  '1.7': ['VocabularyProperty', 'attributeCount', 'attributeDetails'],
};

test.skipIf(!existsSync(published('1.9'))).each(['1.6', '1.7', '1.8', '1.9'])(
  'our table is the core context that ETSI publishes as %s',
  (version) => {
    const context = (
      JSON.parse(readFileSync(published(version), 'utf8')) as {
        '@context': Record<string, string | Record<string, string>>;
      }
    )['@context'];
    const full = (iri: string) =>
      iri
        .replace(/^ngsi-ld:/, 'https://uri.etsi.org/ngsi-ld/')
        .replace(/^geojson:/, 'https://purl.org/geojson/vocab#');
    for (const [term, definition] of Object.entries(context)) {
      if (term.startsWith('@') || CHANGED_SINCE[version]?.includes(term)) continue;
      const ours = CORE_TERMS[term];
      expect.soft(ours, term).toBeDefined();
      const iri = full(typeof definition === 'string' ? definition : definition['@id']!);
      if (!iri.includes(':') && !iri.startsWith('@')) continue; // a relative name, which the vocabulary completes
      expect.soft(typeof ours === 'string' ? ours : ours?.['@id'], term).toBe(iri);
    }
    if (version === '1.9')
      expect(Object.keys(CORE_TERMS).sort()).toEqual(
        Object.keys(context)
          .filter((t) => !t.startsWith('@'))
          .sort(),
      );
  },
);

test('an unknown name belongs to the default vocabulary, and comes back as it was', () => {
  expect(iriOf(coreNames.expand('speed'))).toBe(`${DEFAULT_VOCAB}speed`);
  expect(coreNames.expand(`${DEFAULT_VOCAB}speed`)).toBe(coreNames.expand('speed'));
  expect(coreNames.compact(coreNames.expand('speed'))).toBe('speed');
  expect(
    compileNames([{ '@vocab': 'https://example.org/' }], 'x').compact(coreNames.expand('speed')),
  ).toBe('ngsi-ld:default-context/speed');
  expect(coreNames.expand('location')).toBe('https://uri.etsi.org/ngsi-ld/location');
  expect(coreNames.expand('https://example.org/x')).toBe('https://example.org/x');
});

test('a context may lean on its own prefixes in any order, and the core context has the last word', () => {
  const names = compileNames(
    [
      {
        speed: 'ex:speed',
        ex: 'https://example.org/',
        location: 'ex:elsewhere',
        kind: { '@id': 'ex:kind', '@type': '@vocab' },
      },
    ],
    'shown',
  );
  expect(names.expand('speed')).toBe('https://example.org/speed');
  expect(names.compact('https://example.org/speed')).toBe('speed');
  expect(names.compact('https://example.org/other')).toBe('ex:other');
  expect(names.expand('location')).toBe('https://uri.etsi.org/ngsi-ld/location');
  expect(names.isVocab('kind')).toBe(true);
});

test('terms that define each other in a ring are refused', () => {
  expect(() => compileNames([{ a: 'b:x', b: 'a:y' }], undefined)).toThrow(/by itself/);
});
