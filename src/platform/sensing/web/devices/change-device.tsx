import { Modal } from 'antd';
import { useMemo } from 'react';
import {
  ErrorState,
  Loading,
  SchemaForm,
  useSend,
  useToast,
  type FormSchema,
  type FormValue,
} from '#platform/ui/web';
import { api, SENSING, type Device } from '../api.ts';
import { useDeviceForm } from './use-form.ts';
import { devicesWords } from './words.ts';

/** What may change after a device was registered; an optional one that is emptied is taken away. */
const CHANGEABLE = ['name', 'class', 'owner', 'location', 'expectedSeconds', 'mapping'] as const;
const OPTIONAL = ['owner', 'location', 'expectedSeconds', 'mapping'] as const;

/** Changes what the register says of a device. */
export function ChangeDevice({ device, onClose }: { device: Device; onClose: () => void }) {
  const say = devicesWords.useText();
  const toast = useToast();
  const { schema, error, retry } = useDeviceForm();
  const send = useSend({ touches: [SENSING] });
  const fields = useMemo(() => schema && changeable(schema), [schema]);
  const value = Object.fromEntries(
    CHANGEABLE.filter((name) => device[name] !== undefined).map((name) => [name, device[name]]),
  );
  const change = async (next: FormValue) => {
    const emptied = OPTIONAL.filter(
      (name) => device[name] !== undefined && next[name] === undefined,
    );
    const body = { ...next, ...Object.fromEntries(emptied.map((name) => [name, null])) };
    await send.mutateAsync({ method: 'PATCH', path: api.device(device.id), body });
    toast.done(say('changed'));
    onClose();
  };
  return (
    <Modal open title={say('change')} footer={null} onCancel={onClose}>
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : fields ? (
        <SchemaForm schema={fields} value={value} onSubmit={change} onCancel={onClose} />
      ) : (
        <Loading height={320} />
      )}
    </Modal>
  );
}

function changeable(schema: FormSchema): FormSchema {
  const names: readonly string[] = CHANGEABLE;
  const kept = Object.entries(schema.properties ?? {}).filter(([name]) => names.includes(name));
  return {
    ...schema,
    required: (schema.required ?? []).filter((name) => names.includes(name)),
    properties: Object.fromEntries(kept),
  };
}
