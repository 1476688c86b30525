import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useGo, useSend, useToast } from '#platform/ui/web';
import { RightsNote } from './rights-note.tsx';
import { api, calledOf, pageOf, SOURCES, tenantHeader, useMay, type Source } from './sources.ts';
import { federationWords } from './words.ts';

/** The parting from a platform, asked once more. */
export function RemoveSource({ source }: { source: Source }) {
  const say = federationWords.useText();
  const go = useGo();
  const toast = useToast();
  const may = useMay('write') ?? false;
  const [asking, setAsking] = useState(false);
  const name = calledOf(source);
  const remove = useSend({
    touches: [SOURCES],
    onDone: () => {
      toast.done(say('removeDone', { name }));
      go(pageOf.federation(), { replace: true });
    },
  });
  const act = () =>
    remove.mutate(
      { method: 'DELETE', path: api.registration(source.id), headers: tenantHeader(source.tenant) },
      { onSettled: () => setAsking(false), onError: toast.failed },
    );
  return (
    <div className="sj-federation-actions">
      <Button danger disabled={!may} aria-describedby="rights" onClick={() => setAsking(true)}>
        {say('remove')}
      </Button>
      <RightsNote id="rights" />
      <Modal
        open={asking}
        title={say('removeAsk', { name })}
        okText={say('remove')}
        okButtonProps={{ danger: true }}
        cancelText={say('cancel')}
        confirmLoading={remove.isPending}
        onOk={act}
        onCancel={() => setAsking(false)}
      >
        <p>{say('removeWarn')}</p>
      </Modal>
    </div>
  );
}
