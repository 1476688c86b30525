import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './language.ts';

const MAP = { fr: 'rouge', 'en-US': 'red', 'zh-Hans-CN': '红', '@none': '#f00' };

describe('the language filter (clause 4.15)', () => {
  it.each([
    ['fr', 'fr'],
    ['FR-ch', 'fr'],
    ['en', 'en-US'],
    ['zh-Hans', 'zh-Hans-CN'],
    ['zh-Hant,fr', 'fr'],
    ['fr;q=0.1,en;q=0.8', 'en-US'],
    ['en;q=0,fr;q=0.1', 'fr'],
    ['de, *;q=0.5', '@none'],
    ['*', '@none'],
    ['', '@none'],
    [';;q=x,', '@none'],
  ])('%s chooses %s', (filter, tag) => {
    expect(chooseLanguage(MAP, filter)).toBe(tag);
  });

  it('falls back to any language, and to none where there is none', () => {
    expect(chooseLanguage({ nl: 'rood' }, 'pt')).toBe('nl');
    expect(chooseLanguage({}, 'pt')).toBeUndefined();
  });
});
