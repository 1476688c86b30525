import { useEffect, useEffectEvent } from 'react';
import { useTyphoonReplay } from '#systems/social-management/web';
import { LiveCity } from '#platform/context/web';
import { useGo, usePageQuery, withQuery } from '#platform/ui/web';
import { usePlan, useSystems } from './api.ts';
import { SystemTiles } from './system-tiles.tsx';

/** The live map, the ten systems beside it, and a typhoon replayed over it. */
export function CityPage() {
  const plan = usePlan();
  const systems = useSystems(plan.data);
  const [query, change] = usePageQuery();
  const go = useGo();
  const typhoon = useTyphoonReplay({
    chosen: query['typhoon'],
    onChoose: (sn) => change({ typhoon: sn }),
  });

  const body = query['body'];
  const goToBody = useEffectEvent((id: string) =>
    go(withQuery('/city/plan', { body: id }), { replace: true }),
  );
  useEffect(() => {
    if (body) goToBody(body); // the search finds bodies too; what they answer for stands in the plan
  }, [body]);

  return (
    <LiveCity
      systems={systems}
      layers={typhoon.layers}
      fit={typhoon.fit}
      panel={typhoon.panel}
      tools={typhoon.chooser}
      renderAside={(counts) => (
        <SystemTiles
          plan={plan.data}
          error={plan.error}
          onRetry={() => void plan.refetch()}
          live={counts.live}
          only={query['system'] ?? ''}
          onOnly={(system) => change({ system: system || undefined })}
        />
      )}
    />
  );
}
