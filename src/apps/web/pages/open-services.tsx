import { Empty, PageLink, paths, listedPages } from '#platform/ui/web';
import { usePages } from '../pages-context.ts';
import { houseWords } from '../words.ts';
import { PageCards } from './page-cards.tsx';

/** What a resident can do here: the pages that modules have opened to residents, and no others. */
export function Services() {
  const say = houseWords.useText();
  const open = listedPages(usePages(), 'resident').filter(({ path }) => path !== paths.home());
  return (
    <section aria-labelledby="services">
      <div className="sj-section-head">
        <h2 id="services">{say('services')}</h2>
      </div>
      {open.length > 0 ? (
        <PageCards pages={open} />
      ) : (
        <Empty
          title={say('servicesNone')}
          action={<PageLink to={paths.city()}>{say('seeCity')}</PageLink>}
        >
          {say('servicesNoneHint')}
        </Empty>
      )}
    </section>
  );
}
