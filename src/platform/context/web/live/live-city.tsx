import { Button } from 'antd';
import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react';
import {
  CityMap,
  ErrorState,
  Loading,
  paths,
  useLanguage,
  usePageQuery,
  useRefresh,
  useScheme,
  usePalette,
  useWindowTitle,
  type Bounds,
  type MapHandle,
  type MapLayer,
} from '#platform/ui/web';
import { EntityPanel } from '../entity/entity-panel.tsx';
import { contextWords } from '../words.ts';
import { colourByType, typeColours } from './colours.ts';
import { districtAt } from './district-of.ts';
import { extentOf, isWithin, middleOf } from './extent.ts';
import { FilterBar } from './filter-bar.tsx';
import { countThings, filtersQuery, matches, readFilters, type Counts } from './filters.ts';
import { useGround, type CityGround } from './ground.ts';
import { Legend } from './legend.tsx';
import { systemFinder, type CitySystem } from './systems.ts';
import { openSorter } from './things.ts';
import { ThingList } from './thing-list.tsx';
import { useDrawn } from './use-drawn.ts';
import { THINGS, useThings } from './use-things.ts';
import './live.css';

export type LiveCityProps = {
  readonly systems: readonly CitySystem[];
  /** What stands beside the map; it gets the live figures. */
  readonly renderAside?: (counts: Counts) => ReactNode;
  /** More layers, drawn above the things: a track, an area of a warning. */
  readonly layers?: readonly MapLayer[];
  /** Where the map goes when this changes. */
  readonly fit?: Bounds | undefined;
  /** Filters and actions after our own. */
  readonly tools?: ReactNode;
  /** A panel over the map, left of that of an entity. */
  readonly panel?: ReactNode;
};

/** The live map of the city with filters, list and facts; the address of the page holds what is shown. */
export function LiveCity(props: LiveCityProps) {
  const { city, error, again } = useGround();
  const say = contextWords.useText();
  useWindowTitle(say('liveTitle'));
  if (error)
    return (
      <div className="sj-city-alone">
        <ErrorState error={error} onRetry={again} />
      </div>
    );
  if (!city) return <Loading height="100%" />;
  return <Live {...props} city={city} />;
}

const NO_LAYERS: readonly MapLayer[] = [];
const CLUSTER_FROM = 1_500; // things in view; fewer are drawn one by one, as moving dots and arrows
const CLUSTER_UNTIL = 1_000;
const CLOSE_ZOOM = 13;

function Live({
  city,
  systems,
  renderAside,
  layers = NO_LAYERS,
  fit,
  tools,
  panel,
}: LiveCityProps & { city: CityGround }) {
  const say = contextWords.useText();
  const language = useLanguage();
  const palette = usePalette();
  const { scheme } = useScheme();
  const refresh = useRefresh();
  const [query, change] = usePageQuery();
  const map = useRef<MapHandle>(undefined);
  const [view, setView] = useState<Bounds>(city.bounds);
  const [clustered, setClustered] = useState(false);
  const { types, system, district, demo, entity } = query;
  const asList = query['view'] === 'list';

  const filters = useMemo(
    () => readFilters({ types, system, district, demo }),
    [types, system, district, demo],
  );
  const sort = useMemo(() => {
    const known = new Set(city.districts.map(({ id }) => id));
    return openSorter(systemFinder(systems), ({ geometry, properties: { facts } }) => {
      const own = facts['district'];
      if (typeof own === 'string' && known.has(own)) return own;
      const at = middleOf(geometry);
      const found = at && districtAt([...at], city.districts, city.outline, city.boundaries);
      return found?.id ?? '';
    });
  }, [systems, city]);
  const live = useThings(filters, sort, (changes) => {
    if (entity !== undefined && changes.some(({ id }) => id === entity))
      void refresh(paths.api.entity(entity));
  });

  const things = useMemo(() => live.now.map(sort), [live.now, sort]);
  const counts = useMemo(() => countThings(things, filters), [things, filters]);
  const shown = useMemo(() => things.filter((one) => matches(one, filters)), [things, filters]);
  const typeList = [...counts.types].sort().join(',');
  const colours = useMemo(
    () => typeColours(typeList === '' ? [] : typeList.split(','), scheme),
    [typeList, scheme],
  );
  const inView = useMemo(
    () =>
      shown.filter(({ feature }) => isWithin(middleOf(feature.geometry) ?? [0, 0], view)).length,
    [shown, view],
  );
  if (!clustered && inView > CLUSTER_FROM) setClustered(true);
  if (clustered && inView < CLUSTER_UNTIL) setClustered(false);

  const features = useDrawn(live, { sort, filters, language, clustered });
  const drawn = useMemo(
    (): MapLayer => ({
      id: THINGS,
      features,
      colour: colourByType(colours, palette.accent),
      cluster: clustered,
      size: 6,
      labelsFrom: 12,
    }),
    [features, colours, palette, clustered],
  );
  const all = useMemo(() => [drawn, ...layers], [drawn, layers]);

  const select = (id: string | undefined) => change({ entity: id });
  const reach = useEffectEvent((id: string) => {
    const at = middleOf(live.find(id)?.geometry ?? null);
    if (at && !isWithin(at, map.current?.bounds() ?? city.bounds)) map.current?.fly(at, CLOSE_ZOOM);
  });
  const known = entity !== undefined && live.find(entity) !== undefined;
  useEffect(() => {
    if (entity !== undefined && known) reach(entity);
  }, [entity, known]);

  const place = city.districts.find(
    ({ code, id }) => query['place']?.startsWith(code) || district === id,
  );
  const placeId = place?.id;
  const goPlace = useEffectEvent(() => {
    if (place) map.current?.fly(place.seat.location, 10.5);
  });
  useEffect(() => goPlace(), [placeId]);
  useEffect(() => {
    if (fit) map.current?.fit(fit);
  }, [fit]);

  const fitData = () => {
    const extent = extentOf(shown.map(({ feature }) => feature.geometry));
    if (extent) map.current?.fit(extent, 48);
  };

  return (
    <div className="sj-city" data-list={asList || undefined}>
      <h1 className="sj-hidden">{say('liveTitle')}</h1>
      {renderAside && <div className="sj-city-aside">{renderAside(counts)}</div>}
      <div className="sj-city-main">
        <FilterBar
          {...{ filters, counts, systems, asList, tools }}
          districts={city.districts}
          exact={city.boundaries.length > 0}
          state={live.state}
          onFilters={(next) => change({ ...filtersQuery(next), place: undefined })}
          onList={(list) => change({ view: list ? 'list' : undefined })}
        />
        {live.error && <ErrorState error={live.error} onRetry={live.again} />}
        {asList ? (
          <div className="sj-city-list">
            <ThingList
              things={live.loading ? undefined : shown}
              systems={systems}
              districts={city.districts}
              onOpen={(id) => select(id)}
            />
          </div>
        ) : (
          <div className="sj-city-map">
            <CityMap
              label={say('liveTitle')}
              layers={all}
              ground={city.ground}
              bounds={city.bounds}
              {...(city.base ? { base: city.base } : {})}
              {...(entity === undefined ? {} : { selected: entity })}
              onPick={(pick) => (pick?.layer === THINGS ? select(pick.id) : select(undefined))}
              onReady={(handle) => {
                map.current = handle;
                live.attach(handle);
                if (fit) handle.fit(fit);
                else if (entity !== undefined) reach(entity);
                else goPlace();
              }}
              onMove={(bounds) => {
                setView(bounds);
                live.moved(bounds);
              }}
            />
            <Legend
              colours={colours}
              counts={counts}
              filters={filters}
              onFilters={(next) => change(filtersQuery(next))}
            />
            <div className="sj-city-foot">
              <Button size="small" onClick={fitData} disabled={counts.shown === 0}>
                {say('fitData')}
              </Button>
              <output className="sj-city-note">
                {live.loading
                  ? say('loadingThings')
                  : counts.shown === 0
                    ? say('nothingShown')
                    : say(live.more ? 'shownSome' : 'shownAll', { count: counts.shown, inView })}
              </output>
            </div>
          </div>
        )}
        {panel}
        {entity !== undefined && entity !== '' && (
          <EntityPanel key={entity} id={entity} onClose={() => select(undefined)} />
        )}
      </div>
    </div>
  );
}
