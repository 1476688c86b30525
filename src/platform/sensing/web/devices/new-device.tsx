import { useState } from 'react';
import {
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  SchemaForm,
  useGo,
  useSend,
} from '#platform/ui/web';
import { api, pageOf, SENSING, useMay, type DeviceWithSecret } from '../api.ts';
import { RightsNote } from './rights-note.tsx';
import { SecretOnce } from './secret-once.tsx';
import { useDeviceForm } from './use-form.ts';
import { devicesWords } from './words.ts';
import './devices.css';

/** A form made of the contract that the server itself publishes. */
export function NewDevice() {
  const say = devicesWords.useText();
  const go = useGo();
  const may = useMay('sensing.keep-register');
  const { schema, error, retry } = useDeviceForm();
  const [made, setMade] = useState<DeviceWithSecret>();
  const send = useSend<DeviceWithSecret>({ touches: [SENSING], onDone: setMade });
  return (
    <PageFrame
      title={say('newTitle')}
      about={say('newAbout')}
      crumbs={[{ text: say('title'), to: pageOf.devices() }]}
    >
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : !schema || may === undefined ? (
        <Loading height={480} />
      ) : !may ? (
        <Empty title={say('onlyOperator')}>
          <RightsNote id="rights" />
        </Empty>
      ) : (
        <section className="sj-card">
          <SchemaForm
            schema={schema}
            submit={say('send')}
            onSubmit={(body) => send.mutateAsync({ method: 'POST', path: api.devices(), body })}
            onCancel={() => go(pageOf.devices())}
          />
        </section>
      )}
      <SecretOnce
        made={made}
        onClose={() => made && go(pageOf.device(made.device.id), { replace: true })}
      />
    </PageFrame>
  );
}
