import {
  HOUSE_NAME_EN,
  HOUSE_NAME_ZH,
  PageLink,
  paths,
  useLanguage,
  usePick,
} from '#platform/ui/web';
import mark from '../mark.svg';
import { useHouse } from '../api.ts';

/** The name of the house and of its city; leads home. */
export function Brand() {
  const language = useLanguage();
  const pick = usePick();
  const { data } = useHouse();
  const [name, other] =
    language === 'en' ? [HOUSE_NAME_EN, HOUSE_NAME_ZH] : [HOUSE_NAME_ZH, HOUSE_NAME_EN];
  return (
    <PageLink to={paths.home()} className="sj-brand">
      <img src={mark} alt="" width={28} height={28} />
      <span className="sj-brand-name">
        <strong>{name}</strong> <span className="sj-brand-other">{other}</span>
      </span>
      {data && <span className="sj-brand-city">{pick(data.city.name)}</span>}
    </PageLink>
  );
}
