import { Button } from 'antd';
import { ErrorState, formatTime, useApi, useLanguage } from '#platform/ui/web';
import { api, type Conditions } from '../api.ts';
import { Arrival } from './arrival.tsx';
import { SendTabs } from './send-tabs.tsx';
import type { useTrial } from './use-trial.ts';
import { developersWords } from './words.ts';

/** Three steps: a device, a command, a value that appears. */
export function TryIt({ device, trial, error, busy, get }: ReturnType<typeof useTrial>) {
  const say = developersWords.useText();
  const language = useLanguage();
  const conditions = useApi<Conditions>(api.conditions());
  return (
    <section className="sj-card" aria-labelledby="try">
      <h2 id="try">{say('tryTitle')}</h2>
      <ol className="sj-dev-steps">
        <li data-done={device !== undefined || undefined}>
          <h3>{say('stepGet')}</h3>
          {conditions.data && (
            <p className="sj-soft">{say('stepGetHint', { hours: conditions.data.trialHours })}</p>
          )}
          <div className="sj-dev-row">
            <Button
              type={device ? 'default' : 'primary'}
              size={device ? 'middle' : 'large'}
              loading={busy}
              onClick={get}
            >
              {say(device ? 'getAnother' : 'get')}
            </Button>
            {device && (
              <span>
                <code>{device.id}</code>{' '}
                {device.expiresAt && (
                  <small className="sj-soft">
                    {say('expires', { at: formatTime(device.expiresAt, language) })}
                  </small>
                )}
              </span>
            )}
          </div>
          {error && <ErrorState error={error} />}
        </li>
        <li>
          <h3>{say('stepSend')}</h3>
          {trial && <SendTabs trial={trial} mqttPort={conditions.data?.mqttPort} />}
        </li>
        <li>
          <h3>{say('stepArrive')}</h3>
          <Arrival device={device} />
        </li>
      </ol>
    </section>
  );
}
