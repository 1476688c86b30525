import { CodeBlock, Loading, paths, useApi, type LonLat } from '#platform/ui/web';
import { api } from '../api.ts';
import { listExamples } from './examples.ts';
import { developersWords } from './words.ts';

type Contract = { readonly paths: Readonly<Record<string, unknown>> };
type Map = { readonly features: readonly { readonly id: string }[] };
const ANY = 0.05; // a box of some 10 km around the centre holds something

/** How the city is read, with curl; only what this platform's own contract names. */
export function ReadExamples({ entity }: { entity: string | undefined }) {
  const say = developersWords.useText();
  const contract = useApi<Contract>(api.contract());
  const city = useApi<{ centre: LonLat }>(paths.api.city());
  const centre = city.data?.centre;
  const [lon, lat] = centre ?? [0, 0];
  const near = useApi<Map>(
    paths.api.map([lon - ANY, lat - ANY, lon + ANY, lat + ANY], ['WeatherObserved']),
    {
      enabled: entity === undefined && centre !== undefined,
    },
  );
  const known = contract.data?.paths;
  const id = entity ?? near.data?.features[0]?.id ?? 'urn:ngsi-ld:Device:…';
  return (
    <section className="sj-card" aria-labelledby="read">
      <h2 id="read">{say('readTitle')}</h2>
      <p className="sj-soft">{say('readAbout')}</p>
      {known && centre ? (
        <div className="sj-dev-examples">
          {listExamples(location.origin, id, centre)
            .filter(({ path }) => path in known)
            .map(({ text, code }) => (
              <div key={text}>
                <h3>{say(text)}</h3>
                <CodeBlock code={code} label={say(text)} />
              </div>
            ))}
        </div>
      ) : (
        <Loading />
      )}
    </section>
  );
}
