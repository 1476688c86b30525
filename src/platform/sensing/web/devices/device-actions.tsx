import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useSend, useToast } from '#platform/ui/web';
import { api, SENSING, type Device, type DeviceWithSecret } from '../api.ts';
import { ChangeDevice } from './change-device.tsx';
import { RightsNote, useMayKeep } from './rights-note.tsx';
import { SecretOnce } from './secret-once.tsx';
import { devicesWords } from './words.ts';

/** Changes, a new key, and the end of a device; the last two are asked once more. */
export function DeviceActions({ device }: { device: Device }) {
  const { id, status } = device;
  const say = devicesWords.useText();
  const toast = useToast();
  const may = useMayKeep() && status !== 'revoked';
  const [asking, setAsking] = useState<'rotate' | 'revoke'>();
  const [changing, setChanging] = useState(false);
  const [made, setMade] = useState<DeviceWithSecret>();
  const rotate = useSend<DeviceWithSecret>({ touches: [SENSING], onDone: setMade });
  const revoke = useSend({
    touches: [SENSING],
    onDone: () => toast.done(say('revokeDone', { id })),
  });
  const close = () => setAsking(undefined);
  const act = () => {
    const done = { onSettled: close, onError: toast.failed };
    if (asking === 'rotate') rotate.mutate({ method: 'POST', path: api.credentials(id) }, done);
    else revoke.mutate({ method: 'DELETE', path: api.device(id) }, done);
  };
  return (
    <div className="sj-devices-actions">
      <Button disabled={!may} aria-describedby="rights" onClick={() => setChanging(true)}>
        {say('change')}
      </Button>
      <Button disabled={!may} aria-describedby="rights" onClick={() => setAsking('rotate')}>
        {say('rotate')}
      </Button>
      <Button danger disabled={!may} aria-describedby="rights" onClick={() => setAsking('revoke')}>
        {say('revoke')}
      </Button>
      <RightsNote id="rights" />
      <Modal
        open={asking !== undefined}
        title={asking && say(`${asking}Ask`, { id })}
        okText={asking && say(asking)}
        okButtonProps={{ danger: asking === 'revoke' }}
        cancelText={say('cancel')}
        confirmLoading={rotate.isPending || revoke.isPending}
        onOk={act}
        onCancel={close}
      >
        <p>{asking && say(`${asking}Warn`)}</p>
      </Modal>
      {changing && <ChangeDevice device={device} onClose={() => setChanging(false)} />}
      <SecretOnce made={made} onClose={() => setMade(undefined)} />
    </div>
  );
}
