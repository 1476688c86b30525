import { listedPages, PageLink, usePick, type Face, type Page } from '#platform/ui/web';
import { houseWords } from '../words.ts';
import { FACES } from './faces.ts';

type Props = {
  readonly pages: readonly Page[];
  readonly face: Face | undefined;
  readonly path: string;
};

/** The pages of a face where there are several to work with: beside the page, above it on a phone. */
export function SideNav({ pages, face, path }: Props) {
  const say = houseWords.useText();
  const pick = usePick();
  if (face !== 'work' && face !== 'developers') return null;
  const listed = listedPages(pages, face);
  if (listed.length < 2) return null;
  const text = FACES.find((one) => one.face === face)!.text;
  return (
    <nav className="sj-side" aria-label={say('pagesOf', { face: say(text) })}>
      {listed.map((page) => (
        <PageLink
          key={page.path}
          to={page.path}
          aria-current={page.path === path ? 'page' : undefined}
        >
          {page.icon && <span aria-hidden>{page.icon}</span>}
          {pick(page.title)}
        </PageLink>
      ))}
    </nav>
  );
}
