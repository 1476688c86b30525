import ApartmentOutlined from '@ant-design/icons/ApartmentOutlined';
import CodeOutlined from '@ant-design/icons/CodeOutlined';
import DesktopOutlined from '@ant-design/icons/DesktopOutlined';
import HomeOutlined from '@ant-design/icons/HomeOutlined';
import { PageLink, type Face, type Page } from '#platform/ui/web';
import { houseWords } from '../words.ts';
import { FACES, pageAt } from './faces.ts';

const ICONS = {
  resident: <HomeOutlined />,
  work: <DesktopOutlined />,
  city: <ApartmentOutlined />,
  developers: <CodeOutlined />,
} as const;

type Props = {
  readonly face: Face | undefined;
  readonly pages: readonly Page[];
  /** In the header on a desk; below, where the thumb is, on a phone. */
  readonly place: 'header' | 'thumb';
};

/** The four faces. */
export function FaceNav({ face: now, pages, place }: Props) {
  const say = houseWords.useText();
  const there = FACES.filter(({ home }) => pageAt(pages, home));
  return (
    <nav className={`sj-faces sj-faces-${place}`} aria-label={say('faces')}>
      {there.map(({ face, text, home }) => (
        <PageLink key={face} to={home} aria-current={face === now ? 'page' : undefined}>
          <span aria-hidden className="sj-faces-icon">
            {ICONS[face]}
          </span>
          {say(text)}
        </PageLink>
      ))}
    </nav>
  );
}
