import { Age, PageLink, paths, StreamTag, useApi } from '#platform/ui/web';
import { api, pageOf, type Device } from '../api.ts';
import { useArrival } from './use-arrival.ts';
import { developersWords } from './words.ts';

/** Waits for the device's reading, and shows it the moment it is there. */
export function Arrival({ device }: { device: Device | undefined }) {
  const say = developersWords.useText();
  const { reported, stream } = useArrival(device);
  const symbols = useApi<{ units: Record<string, string> }>(api.units()).data?.units;
  if (!device) return <p className="sj-soft">{say('waitFirst')}</p>;
  const newest = reported[0];
  return (
    <div className="sj-dev-arrival" data-there={newest !== undefined || undefined}>
      <div className="sj-dev-row">
        <strong aria-live="polite">{say(newest ? 'arrived' : 'waiting')}</strong>
        <StreamTag state={stream} />
      </div>
      {newest && (
        <>
          <dl className="sj-dev-values">
            {reported.map(({ name, value, unit, at }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <strong>{value}</strong> {symbols?.[unit] ?? unit}{' '}
                  <small className="sj-soft">
                    <Age at={at} />
                  </small>
                </dd>
              </div>
            ))}
          </dl>
          <div className="sj-dev-row">
            <PageLink to={pageOf.entity(device.entity)}>{say('seePage')}</PageLink>
            <PageLink to={paths.city({ entity: device.entity })}>{say('seeMap')}</PageLink>
            <PageLink to={pageOf.device(device.id)}>{say('seeDevice')}</PageLink>
          </div>
        </>
      )}
    </div>
  );
}
