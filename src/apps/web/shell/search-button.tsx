import SearchOutlined from '@ant-design/icons/SearchOutlined';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Page } from '#platform/ui/web';
import { houseWords } from '../words.ts';

const Palette = lazy(async () => ({
  default: (await import('./search-palette.tsx')).SearchPalette,
}));

const OPEN = 'sanjiang:search';

/** Opens the search from anywhere, e.g. from the home page's search box. */
export function openSearch(): void {
  dispatchEvent(new Event(OPEN));
}

/** The shortcut as this machine's keyboard writes it. */
export const SHORTCUT = /Mac|iP/.test(globalThis.navigator?.platform ?? '') ? '⌘K' : 'Ctrl K';

/** Search over places, bodies, things and pages: the button, its shortcut, and the palette. */
export function SearchButton({ pages }: { pages: readonly Page[] }) {
  const say = houseWords.useText();
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const show = () => setOpen(true);
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((now) => !now);
    };
    addEventListener(OPEN, show);
    addEventListener('keydown', press);
    return () => {
      removeEventListener(OPEN, show);
      removeEventListener('keydown', press);
    };
  }, []);

  return (
    <>
      <button
        type="button"
        className="sj-search-button"
        title={say('searchLabel')}
        data-keys={SHORTCUT}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        <SearchOutlined aria-hidden />
        <span className="sj-search-text">{say('search')}</span>
      </button>
      {open && (
        <Suspense fallback={null}>
          <Palette pages={pages} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
