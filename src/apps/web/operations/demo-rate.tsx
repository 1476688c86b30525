import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import {
  ErrorState,
  formatNumber,
  Loading,
  paths,
  useApi,
  useLanguage,
  useSend,
  useToast,
} from '#platform/ui/web';
import { operations, useMay, WATCH_MS, type Simulation } from './api.ts';
import { operationsWords } from './words.ts';

/** How fast the demonstration speaks, and the way to change or end it. */
export function DemoRate() {
  const say = operationsWords.useText();
  const { data, error, refetch } = useApi<Simulation>(operations.simulation(), {
    refreshMs: WATCH_MS,
  });
  return (
    <section className="sj-card sj-operations" aria-labelledby="demo">
      <h2 id="demo">{say('demo')}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading height={80} />
      ) : data.devices === 0 ? (
        <p className="sj-soft">{say('demoNone')}</p>
      ) : (
        <>
          <p className="sj-soft">{say('demoAbout')}</p>
          <Control now={data} />
        </>
      )}
    </section>
  );
}

function Control({ now }: { now: Simulation }) {
  const say = operationsWords.useText();
  const language = useLanguage();
  const toast = useToast();
  const may = useMay('sensing.simulate');
  const [wish, setWish] = useState<number | null>(null);
  const rate = wish ?? now.rate;
  const send = useSend<Simulation>({
    touches: [operations.simulation(), paths.api.house()],
    onDone: (done) => {
      setWish(null);
      toast.done(say('demoDone', { rate: done.rate }));
    },
  });
  const set = (value: number) =>
    send.mutate(
      { method: 'PUT', path: operations.simulation(), body: { rate: value } },
      { onError: toast.failed },
    );
  return (
    <>
      <div className="sj-operations-row">
        <label htmlFor="demo-rate">{say('demoRate')}</label>
        <InputNumber
          id="demo-rate"
          min={0}
          value={rate}
          disabled={!may}
          onChange={(value) => setWish(value)}
          onPressEnter={() => set(rate)}
        />
        <Button
          type="primary"
          disabled={!may || rate === now.rate}
          loading={send.isPending}
          onClick={() => set(rate)}
        >
          {say('demoSet')}
        </Button>
        <Button disabled={!may || now.rate === 0} onClick={() => set(0)}>
          {say('demoStop')}
        </Button>
        {may === false && <small className="sj-soft">{say('demoOnly')}</small>}
      </div>
      <small className="sj-soft">
        {say('demoNow', { devices: now.devices, sent: formatNumber(now.sent, language) })}
      </small>
    </>
  );
}
