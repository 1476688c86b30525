import { CodeBlock, Loading, paths, useApi, type LonLat } from '#platform/ui/web';
import { api } from '../api.ts';
import { listExamples } from './examples.ts';
import { developersWords } from './words.ts';

const SAMPLE = 'urn:ngsi-ld:Device:ID'; // where nothing reports yet

type Contract = { readonly paths: Readonly<Record<string, unknown>> };
type Features = { readonly features: readonly { readonly id: string }[] };
type City = { readonly centre: LonLat; readonly bounds: [number, number, number, number] };

/** How the city is read, with curl; only what this platform's own contract names. */
export function ReadExamples({ entity }: { entity: string | undefined }) {
  const say = developersWords.useText();
  const contract = useApi<Contract>(api.contract());
  const city = useApi<City>(paths.api.city());
  const centre = city.data?.centre;
  const weather = useApi<Features>(
    paths.api.map(city.data?.bounds ?? [0, 0, 0, 0], ['WeatherObserved']),
    { enabled: entity === undefined && centre !== undefined },
  );
  const known = contract.data?.paths;
  const id = entity ?? weather.data?.features[0]?.id ?? SAMPLE;
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
