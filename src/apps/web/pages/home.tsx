import SearchOutlined from '@ant-design/icons/SearchOutlined';
import { PageFrame, usePick } from '#platform/ui/web';
import { useHouse } from '../api.ts';
import { openSearch, SHORTCUT } from '../shell/search-button.tsx';
import { houseWords } from '../words.ts';
import { Glance } from './glance.tsx';
import { Near } from './near.tsx';
import { Services } from './open-services.tsx';
import './pages.css';

/** A resident's first page: search, the city at a glance, what is near, what can be done. */
export function Home() {
  const say = houseWords.useText();
  const pick = usePick();
  const { data } = useHouse();
  const city = pick(data?.city.name);
  return (
    <PageFrame
      title={city ? say('homeTitle', { city }) : say('homeTitlePlain')}
      about={say('homeAbout')}
    >
      <button type="button" className="sj-home-search" data-keys={SHORTCUT} onClick={openSearch}>
        <SearchOutlined aria-hidden />
        <span>{say('homeSearch')}</span>
      </button>
      <div className="sj-home">
        <Glance />
        <Near />
        <Services />
      </div>
    </PageFrame>
  );
}
