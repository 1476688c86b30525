import { Empty, Loading, PageFrame, SchemaForm, useGo, useSend, useToast } from '#platform/ui/web';
import { RightsNote } from './rights-note.tsx';
import { registrationOf, SOURCE_FORM } from './source-form.ts';
import { api, pageOf, SOURCES, useMay } from './sources.ts';
import { federationWords } from './words.ts';
import './federation.css';

/** The joining of another platform. */
export function NewSource() {
  const say = federationWords.useText();
  const go = useGo();
  const toast = useToast();
  const may = useMay('write');
  const send = useSend({ touches: [SOURCES] });
  return (
    <PageFrame
      title={say('addTitle')}
      about={say('addAbout')}
      crumbs={[{ text: say('title'), to: pageOf.federation() }]}
    >
      {may === undefined ? (
        <Loading height={480} />
      ) : !may ? (
        <Empty title={say('onlyOperator')}>
          <RightsNote id="rights" />
        </Empty>
      ) : (
        <section className="sj-card">
          <SchemaForm
            schema={SOURCE_FORM}
            submit={say('send')}
            onSubmit={async (value) => {
              const body = registrationOf(value);
              await send.mutateAsync({ method: 'POST', path: api.registrations(), body });
              toast.done(say('addDone', { name: String(value['name']) }));
              go(pageOf.federation(), { replace: true });
            }}
            onCancel={() => go(pageOf.federation())}
          />
        </section>
      )}
    </PageFrame>
  );
}
