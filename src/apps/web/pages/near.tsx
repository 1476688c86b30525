import { Button } from 'antd';
import { useState } from 'react';
import {
  DemoTag,
  Empty,
  ErrorState,
  Loading,
  PageLink,
  paths,
  useApi,
  useTypeName,
  type CityFeature,
  type LonLat,
} from '#platform/ui/web';
import { houseWords } from '../words.ts';
import { boxAround, byDistance } from './distance.ts';

const WITHIN_M = 1_000; // a quarter of an hour on foot
const NEAR_MAX = 20;
const REFRESH_MS = 15_000;
const LOCATE_LIMIT_MS = 15_000;

type Place = 'unknown' | 'finding' | 'refused' | LonLat;

/** What reports within a walk of the person, nearest first. Asks for the position only when told to. */
export function Near() {
  const say = houseWords.useText();
  const [place, setPlace] = useState<Place>('unknown');
  const locate = () => {
    setPlace('finding');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setPlace([coords.longitude, coords.latitude]),
      () => setPlace('refused'),
      { timeout: LOCATE_LIMIT_MS, maximumAge: 60_000 },
    );
  };
  return (
    <section aria-labelledby="near">
      <div className="sj-section-head">
        <h2 id="near">{say('near')}</h2>
      </div>
      <div className="sj-card sj-near">
        <p className="sj-soft">{say('nearAbout')}</p>
        {!isSecureContext ? (
          <p>{say('nearInsecure')}</p>
        ) : place === 'finding' ? (
          <output>{say('nearFinding')}</output>
        ) : (
          <Button onClick={locate}>
            {say(typeof place === 'string' ? 'nearUse' : 'nearAgain')}
          </Button>
        )}
        {place === 'refused' && <Empty title={say('nearRefused')}>{say('nearRefusedHint')}</Empty>}
        {typeof place !== 'string' && <NearList place={place} />}
      </div>
    </section>
  );
}

function NearList({ place }: { place: LonLat }) {
  const typeName = useTypeName();
  const say = houseWords.useText();
  const { data, error, refetch } = useApi<{ features: CityFeature[] }>(
    paths.api.map(boxAround(place, WITHIN_M)),
    { refreshMs: REFRESH_MS },
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const near = byDistance(data.features, place, WITHIN_M).slice(0, NEAR_MAX);
  if (near.length === 0) return <Empty title={say('nearNone')} />;
  return (
    <ul className="sj-near-list">
      {near.map(({ thing, metres }) => (
        <li key={thing.id}>
          <PageLink to={paths.city({ entity: thing.id })}>
            {thing.properties.name ?? thing.id}
          </PageLink>
          <span className="sj-soft">
            {typeName(thing.properties.type)} ·{' '}
            {say('metres', { count: Math.round(metres / 10) * 10 })}
            {thing.properties.demo && <DemoTag />}
          </span>
        </li>
      ))}
    </ul>
  );
}
