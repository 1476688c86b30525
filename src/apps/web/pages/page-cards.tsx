import { PageLink, usePick, type Page } from '#platform/ui/web';

/** Pages to go to, each with what one can do there. */
export function PageCards({ pages }: { pages: readonly Page[] }) {
  const pick = usePick();
  return (
    <ul className="sj-page-cards">
      {pages.map((page) => (
        <li key={page.path}>
          <PageLink to={page.path} className="sj-card">
            <strong>
              {page.icon && <span aria-hidden>{page.icon} </span>}
              {pick(page.title)}
            </strong>
            {page.about && <span className="sj-soft">{pick(page.about)}</span>}
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
