import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAGMENT_WAIT_MS, UNFINISHED_MAX, openAssembler } from './assemble.ts';
import { openBits } from './bits.ts';
import { decodeMessage } from './messages.ts';
import { openAisReader, type Heard } from './reader.ts';
import type { AisReport } from './report.ts';
import { readSentence } from './sentence.ts';

const FIRST = '!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C';
const SECOND = '!AIVDM,2,2,1,A,88888888880,2*25';

const fileUrl = (name: string) =>
  new URL(`../../../../../../shared/data/ships/ais/${name}`, import.meta.url);

const hearFile = (url: URL) => {
  const reader = openAisReader();
  const lines = existsSync(url) ? readFileSync(url, 'utf8').split(/\r?\n/).filter(Boolean) : [];
  const heard = lines.flatMap((line): Heard | never[] => reader.hear(line, 0) ?? []);
  const reports = heard.flatMap((h) => ('report' in h ? [h.report] : []));
  return { heard, reports, counters: reader.counters() };
};

const sum = (reports: readonly AisReport[], value: (report: AisReport) => number | undefined) => {
  const values = reports.flatMap((report) => value(report) ?? []);
  return { n: values.length, sum: values.reduce((total, v) => total + v, 0) };
};

describe.skipIf(!existsSync(fileUrl('pyais_nmea_data_sample.txt')))(
  '898 sentences of a shore receiver (shared data)',
  () => {
    const { reports, counters } = hearFile(fileUrl('pyais_nmea_data_sample.txt'));

    test('are counted as a second implementation counts them', () => {
      expect(counters).toMatchObject({
        lines: 898,
        sentences: 898,
        badChecksum: 0,
        malformed: 0,
        empty: 100,
        decoded: { 1: 667, 3: 76, 4: 6, 18: 19, 24: 2 },
        undecoded: { 15: 7, 20: 1 },
      });
    });

    test('give the positions, speeds, courses and headings of a second implementation', () => {
      expect(sum(reports, (r) => r.position?.[1])).toEqual({
        n: 764,
        sum: expect.closeTo(28414.302349, 3),
      });
      expect(sum(reports, (r) => r.position?.[0])).toEqual({
        n: 764,
        sum: expect.closeTo(17164.990084, 3),
      });
      expect(sum(reports, (r) => r.speed)).toEqual({ n: 758, sum: expect.closeTo(8725.3, 5) });
      expect(sum(reports, (r) => r.course)).toEqual({ n: 726, sum: expect.closeTo(137203.9, 5) });
      expect(sum(reports, (r) => r.heading)).toEqual({ n: 649, sum: 111778 });
    });
  },
);

describe.skipIf(!existsSync(fileUrl('ggencoder_AisHubSample.nmea')))(
  '61 sentences with two-part messages (shared data)',
  () => {
    const { reports, counters } = hearFile(fileUrl('ggencoder_AisHubSample.nmea'));

    test('are joined and counted as a second implementation counts them', () => {
      expect(counters).toMatchObject({
        lines: 61,
        sentences: 61,
        incomplete: 0,
        decoded: { 1: 33, 3: 6, 4: 2, 5: 7, 18: 3, 27: 1 },
        undecoded: { 8: 1, 11: 1 },
      });
      expect(sum(reports, (r) => r.speed)).toEqual({ n: 42, sum: expect.closeTo(132.6, 5) });
      expect(sum(reports, (r) => r.heading)).toEqual({ n: 14, sum: 2516 });
    });
  },
);

describe.skipIf(!existsSync(fileUrl('ggencoder_GprmcSample.nmea')))(
  '38 lines of a GPS receiver (shared data)',
  () => {
    const { heard, counters } = hearFile(fileUrl('ggencoder_GprmcSample.nmea'));

    test('are read in the time they were taken; the two damaged ones are counted', () => {
      expect(counters).toMatchObject({ lines: 38, sentences: 36, malformed: 1, badChecksum: 1 });
      expect(heard).toHaveLength(36);
      expect(heard[0]).toEqual({
        at: Date.UTC(2006, 10, 14, 13, 23, 17),
        station: undefined,
        fix: {
          at: Date.UTC(2006, 10, 14, 13, 23, 17),
          position: [-2.9300679, 47.3926262],
          speed: 21.76,
          course: 322,
        },
      });
    });
  },
);

test('a wrong checksum is counted and nothing is heard', () => {
  const reader = openAisReader();
  expect(reader.hear('!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5D', 0)).toBeUndefined();
  expect(reader.counters()).toMatchObject({ lines: 1, sentences: 0, badChecksum: 1 });
});

test('a tag block tells when and by whom a sentence was received', () => {
  const tags = 's:2573125,c:1425513600';
  const check = [...tags]
    .reduce((x, c) => x ^ c.charCodeAt(0), 0)
    .toString(16)
    .padStart(2, '0');
  const line = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C';
  expect(openAisReader().hear(`\\${tags}*${check}\\${line}`, 0)).toMatchObject({
    at: 1_425_513_600_000,
    station: '2573125',
  });
  expect(readSentence(`\\${tags}*00\\${line}`)).toBe(
    check === '00' ? expect.anything() : 'bad-checksum',
  );
});

test('the parts of a message may come in any order', () => {
  const reader = openAisReader();
  expect(reader.hear(SECOND, 0)).toBeUndefined();
  expect(reader.hear(FIRST, 1)).toMatchObject({ report: { name: 'EVER DIADEM' } });
});

test('a message whose rest comes too late is given up, and so is one whose number is taken', () => {
  const late = openAisReader();
  late.hear(FIRST, 0);
  expect(late.hear(SECOND, FRAGMENT_WAIT_MS)).toBeUndefined();
  expect(late.counters().incomplete).toBe(1);
  const taken = openAisReader();
  taken.hear(FIRST, 0);
  taken.hear(FIRST, 1);
  expect(taken.hear(SECOND, 2)).toMatchObject({ report: { name: 'EVER DIADEM' } });
  expect(taken.counters().incomplete).toBe(1);
});

test('a flood of first parts is bounded', () => {
  const assembler = openAssembler();
  for (let i = 0; i < UNFINISHED_MAX + 10; i += 1)
    assembler.add(
      { talker: 'AI', formatter: 'VDM', station: `s${i}`, fields: ['2', '1', '1', 'A', '5', '0'] },
      i % 7,
    );
  expect(assembler.waiting()).toBe(UNFINISHED_MAX);
  expect(assembler.incomplete()).toBe(10);
});

test('no line, however wrong, breaks the reader', () => {
  const reader = openAisReader();
  const damaged = fc
    .tuple(fc.constantFrom(FIRST, SECOND), fc.nat(70), fc.string({ unit: 'binary', maxLength: 4 }))
    .map(([line, at, noise]) => line.slice(0, at) + noise + line.slice(at));
  const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), damaged);
  fc.assert(
    fc.property(line, fc.nat(), (text, now) => void reader.hear(text, now)),
    { numRuns: 500 },
  );
  const { lines, sentences, badChecksum, malformed } = reader.counters();
  expect(lines).toBe(500);
  expect(sentences + badChecksum + malformed).toBeGreaterThanOrEqual(lines);
});

test('no bits, however wrong, break a message, and what is read lies on Earth', () => {
  const armour = fc.string({
    unit: fc.constantFrom(...'0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw'),
    maxLength: 100,
  });
  fc.assert(
    fc.property(armour, fc.nat(5), (payload, fill) => {
      const message = decodeMessage(openBits(payload, fill)!);
      if (message === 'malformed' || 'undecoded' in message) return;
      const [lon, lat] = message.report.position ?? [0, 0];
      expect(Math.abs(lon) <= 180 && Math.abs(lat) <= 90).toBe(true);
      expect(message.report.mmsi).toMatch(/^\d{9,10}$/);
    }),
    { numRuns: 500 },
  );
});
