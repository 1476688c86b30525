import {
  CodeBlock,
  ErrorState,
  formatNumber,
  Loading,
  useApi,
  useLanguage,
} from '#platform/ui/web';
import { api, type Conditions } from '../api.ts';
import { developersWords } from './words.ts';

const KIB = 1024;
const PROBLEM = [
  'HTTP/1.1 404 Not Found',
  'Content-Type: application/problem+json',
  '',
  '{',
  '  "device": "no-such-device",',
  '  "type": "urn:sanjiang:problem:not-found",',
  '  "title": "There is no device no-such-device.",',
  '  "status": 404',
  '}',
].join('\n');

/** Who may do what, how errors look, how much is taken at once. */
export function Rules() {
  const say = developersWords.useText();
  return (
    <div className="sj-dev-rules">
      <section className="sj-card" aria-labelledby="auth">
        <h2 id="auth">{say('authTitle')}</h2>
        <ol className="sj-dev-lines">
          {(['auth1', 'auth2', 'auth3', 'auth4', 'auth5'] as const).map((key) => (
            <li key={key}>{say(key)}</li>
          ))}
        </ol>
      </section>
      <section className="sj-card" aria-labelledby="errors">
        <h2 id="errors">{say('errorTitle')}</h2>
        <p>{say('errorAbout')}</p>
        <CodeBlock code={PROBLEM} label={say('errorLabel')} />
      </section>
      <section className="sj-card" aria-labelledby="limits">
        <h2 id="limits">{say('limitsTitle')}</h2>
        <Limits />
      </section>
    </div>
  );
}

function Limits() {
  const say = developersWords.useText();
  const language = useLanguage();
  const { data, error, refetch } = useApi<Conditions>(api.conditions());
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading height={180} />;
  const bytes = (count: number) =>
    count < KIB * KIB
      ? `${formatNumber(count / KIB, language)} KiB`
      : `${formatNumber(count / KIB / KIB, language)} MiB`;
  const many = (count: number) =>
    say('readingsCount', { count, number: formatNumber(count, language) });
  const limits = [
    ['limitMessage', bytes(data.messageBytesMax)],
    ['limitReadings', many(data.readingsMax)],
    ['limitRequest', bytes(data.requestBytesMax)],
    ['limitStreamed', many(data.streamedReadingsMax)],
    ['limitBody', bytes(data.bodyBytesMax)],
    ['limitTrials', say('times', { count: data.trialsPerMinuteMax })],
    ['limitTrialHours', say('hours', { count: data.trialHours })],
  ] as const;
  return (
    <dl className="sj-dev-limits">
      {limits.map(([key, value]) => (
        <div key={key}>
          <dt>{say(key)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
