import { Button, Modal } from 'antd';
import { CodeBlock } from '#platform/ui/web';
import type { DeviceWithSecret } from '../api.ts';
import { devicesWords } from './words.ts';

/** Shows a device's key; it goes only when the person says that they have it. */
export function SecretOnce({
  made,
  onClose,
}: {
  made: DeviceWithSecret | undefined;
  onClose: () => void;
}) {
  const say = devicesWords.useText();
  return (
    <Modal
      open={made !== undefined}
      title={made && say('secretTitle', { id: made.device.id })}
      closable={false}
      keyboard={false}
      width={640}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {say('saved')}
        </Button>
      }
    >
      <p>{say('secretOnce')}</p>
      {made && <CodeBlock code={made.secret} label={say('secret')} />}
    </Modal>
  );
}
