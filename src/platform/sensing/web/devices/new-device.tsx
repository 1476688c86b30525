import { useMemo, useState } from 'react';
import {
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  SchemaForm,
  useApi,
  useGo,
  useSend,
  type FormSchema,
} from '#platform/ui/web';
import {
  api,
  pageOf,
  SENSING,
  useMay,
  useNames,
  type DeviceWithSecret,
  type KeptMapping,
} from '../api.ts';
import { formOf } from './device-form.ts';
import { RightsNote } from './rights-note.tsx';
import { SecretOnce } from './secret-once.tsx';
import { devicesWords } from './words.ts';
import './devices.css';

type Contract = {
  readonly paths: Readonly<
    Record<string, { post?: { requestBody?: { content: Record<string, { schema: FormSchema }> } } }>
  >;
};

/** A form made of the contract that the server itself publishes. */
export function NewDevice() {
  const say = devicesWords.useText();
  const go = useGo();
  const may = useMay('sensing.keep-register');
  const names = useNames();
  const { data, error, refetch } = useApi<Contract>(api.contract());
  const mappings = useApi<{ mappings: readonly KeptMapping[] }>(api.mappings()).data?.mappings;
  const [made, setMade] = useState<DeviceWithSecret>();
  const send = useSend<DeviceWithSecret>({ touches: [SENSING], onDone: setMade });
  const schema = useMemo(() => {
    const body = data?.paths[api.devices()]?.post?.requestBody?.content['application/json'];
    return body && mappings && formOf(body.schema, names, mappings);
  }, [data, names, mappings]);
  return (
    <PageFrame
      title={say('newTitle')}
      about={say('newAbout')}
      crumbs={[{ text: say('title'), to: pageOf.devices() }]}
    >
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
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
