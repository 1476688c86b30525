import { Empty, listedPages, PageFrame, paths } from '#platform/ui/web';
import { Attention } from '../operations/attention.tsx';
import { DemoRate } from '../operations/demo-rate.tsx';
import { Imports } from '../operations/imports.tsx';
import { usePages } from '../pages-context.ts';
import { houseWords } from '../words.ts';
import { PageCards } from './page-cards.tsx';
import { PlatformState } from './platform-state.tsx';
import '../operations/operations.css';
import './pages.css';

/** An official's first page: what needs attention, what can be done here, and how the platform is. */
export function Work() {
  const say = houseWords.useText();
  const books = listedPages(usePages(), 'work').filter(({ path }) => path !== paths.work());
  return (
    <PageFrame
      title={say('workTitle')}
      about={say('workAbout')}
      actions={<a href={paths.reference()}>{say('reference')}</a>}
    >
      <div className="sj-operations-page">
        <Attention />
        <section aria-labelledby="books">
          <div className="sj-section-head">
            <h2 id="books">{say('workBooks')}</h2>
          </div>
          {books.length > 0 ? (
            <PageCards pages={books} />
          ) : (
            <Empty title={say('workNone')}>{say('workNoneHint')}</Empty>
          )}
        </section>
        <div>
          <div className="sj-section-head">
            <h2>{say('workHouse')}</h2>
          </div>
          <PlatformState />
        </div>
        <DemoRate />
        <Imports />
      </div>
    </PageFrame>
  );
}
