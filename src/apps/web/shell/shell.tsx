import { Outlet } from '@tanstack/react-router';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { usePath, type Page } from '#platform/ui/web';
import { houseWords } from '../words.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';
import { FaceNav } from './face-nav.tsx';
import { faceAt, pageAt } from './faces.ts';
import { Notices } from './notices.tsx';
import { LanguageSwitch, SchemeSwitch } from './preferences.tsx';
import { SearchButton } from './search-button.tsx';
import { SideNav } from './side-nav.tsx';
import './shell.css';

/** What stands around every page: name, faces, search, language, scheme, account, warnings. */
export function Shell({ pages }: { pages: readonly Page[] }) {
  const say = houseWords.useText();
  const path = usePath();
  const page = pageAt(pages, path);
  const face = faceAt(pages, path);
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, path);

  return (
    <div className="sj-shell" data-full={page?.full || undefined}>
      <a className="sj-skip" href="#main">
        {say('skip')}
      </a>
      <header className="sj-header">
        <Brand />
        <FaceNav face={face} pages={pages} place="header" />
        <div className="sj-header-tools">
          <SearchButton pages={pages} />
          <LanguageSwitch />
          <SchemeSwitch />
          <AccountMenu />
        </div>
      </header>
      <Notices />
      <div className="sj-body">
        <SideNav pages={pages} face={face} path={path} />
        <main id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <FaceNav face={face} pages={pages} place="thumb" />
    </div>
  );
}

/** On arriving at another page the reading starts at its beginning, not in the menu. */
function useFocusOnArrival(main: RefObject<HTMLElement | null>, path: string): void {
  const [first] = useState(path);
  const moved = useRef(false);
  useEffect(() => {
    if (path !== first) moved.current = true;
    if (moved.current) main.current?.focus({ preventScroll: true });
  }, [path, first, main]);
}
