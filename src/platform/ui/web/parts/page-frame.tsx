import { useEffect, type ReactNode } from 'react';
import { PageLink } from '../nav.tsx';
import { HOUSE_NAME } from '../text/name.ts';
import { uiWords } from '../text/words.ts';
import './parts.css';

export type Crumb = { readonly text: string; readonly to: string };

type Props = {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** The pages above this one, outermost first. */
  readonly crumbs?: readonly Crumb[];
  readonly children: ReactNode;
};

/** The frame of a page: where it is, what it is called, what one can do. It also names the window. */
export function PageFrame({ title, about, actions, crumbs = [], children }: Props) {
  const say = uiWords.useText();
  useWindowTitle(title);
  return (
    <div className="sj-frame">
      <div className="sj-frame-head">
        <div>
          {crumbs.length > 0 && (
            <nav className="sj-crumbs" aria-label={say('breadcrumbs')}>
              <ol>
                {crumbs.map(({ text, to }) => (
                  <li key={to}>
                    <PageLink to={to}>{text}</PageLink>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <h1>{title}</h1>
          {about && <p className="sj-frame-about">{about}</p>}
        </div>
        {actions && <div className="sj-frame-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** Names the browser's window after the page. Pages without a `PageFrame` call it themselves. */
export function useWindowTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${HOUSE_NAME}`;
  }, [title]);
}
