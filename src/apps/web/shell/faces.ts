import { paths, type Face, type Page } from '#platform/ui/web';

/** The four faces in the order of the menu, with the path where each starts. */
export const FACES = [
  { face: 'resident', text: 'faceResident', home: paths.home() },
  { face: 'work', text: 'faceWork', home: paths.work() },
  { face: 'city', text: 'faceCity', home: paths.city() },
  { face: 'developers', text: 'faceDevelopers', home: paths.developers() },
] as const satisfies readonly { face: Face; text: string; home: string }[];

/** The page at a path: `$names` match one segment. */
export function pageAt(pages: readonly Page[], path: string): Page | undefined {
  const segments = path.split('/').filter(Boolean);
  const fits = (page: Page) => {
    const pattern = page.path.split('/').filter(Boolean);
    return (
      pattern.length === segments.length &&
      pattern.every((part, i) => part.startsWith('$') || part === segments[i])
    );
  };
  const plain = pages.find((page) => !page.path.includes('$') && fits(page));
  return plain ?? pages.find(fits);
}

/** The face a path belongs to, by its page or, where there is none, by its first segment. */
export function faceAt(pages: readonly Page[], path: string): Face | undefined {
  const page = pageAt(pages, path);
  if (page) return page.face;
  return FACES.find(({ home }) => home !== '/' && `${path}/`.startsWith(`${home}/`))?.face;
}
