import { expect, test } from 'vitest';
import { contrast } from './contrast.ts';
import { palettes } from './palette.ts';

const AA_TEXT = 4.5;
const AA_GRAPHIC = 3;

test('contrast agrees with the two ends of the WCAG scale', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2); // the well-known near miss
});

for (const [scheme, p] of Object.entries(palettes)) {
  test(`text is readable in ${scheme}`, () => {
    for (const ground of [p.page, p.surface, p.raised, p.sunken]) {
      for (const ink of [p.text, p.soft, p.link]) {
        expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(AA_TEXT);
      }
    }
    expect(contrast('#ffffff', p.accent)).toBeGreaterThanOrEqual(AA_TEXT);
    expect(contrast('#ffffff', p.accentHover)).toBeGreaterThanOrEqual(AA_TEXT);
    expect(contrast(p.link, p.wash)).toBeGreaterThanOrEqual(AA_TEXT);
    expect(contrast(p.map.label, p.map.land)).toBeGreaterThanOrEqual(AA_TEXT);
    expect(contrast(p.map.label, p.map.water)).toBeGreaterThanOrEqual(AA_TEXT);
  });

  test(`states, edges of controls and series are visible in ${scheme}`, () => {
    for (const { text, back } of Object.values(p.tone)) {
      expect(contrast(text, back), `${text} on ${back}`).toBeGreaterThanOrEqual(AA_TEXT);
      expect(contrast(text, p.surface), `${text} on surface`).toBeGreaterThanOrEqual(AA_TEXT);
    }
    expect(contrast(p.control, p.surface)).toBeGreaterThanOrEqual(AA_GRAPHIC);
    for (const colour of p.series) {
      expect(contrast(colour, p.surface), colour).toBeGreaterThanOrEqual(AA_GRAPHIC);
    }
  });
}
