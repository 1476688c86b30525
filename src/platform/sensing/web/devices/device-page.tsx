import {
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  useApi,
  usePageParams,
  usePick,
} from '#platform/ui/web';
import { api, pageOf, type Device } from '../api.ts';
import { DeviceActions } from './device-actions.tsx';
import { DeviceFacts } from './device-facts.tsx';
import { DeviceMapping } from './device-mapping.tsx';
import { DeviceRefusals } from './device-refusals.tsx';
import { DeviceMarks, DeviceState } from './device-tags.tsx';
import { devicesWords } from './words.ts';
import './devices.css';

const REFRESH_MS = 5_000;

/** One device: what the register says, what it sends, what was not taken, its key. */
export function DevicePage() {
  const say = devicesWords.useText();
  const pick = usePick();
  const id = usePageParams()['id'] ?? '';
  const {
    data: device,
    error,
    refetch,
  } = useApi<Device>(api.device(id), { refreshMs: REFRESH_MS });
  const crumbs = [{ text: say('title'), to: pageOf.devices() }];
  if (!device)
    return (
      <PageFrame title={id} crumbs={crumbs}>
        {error?.status === 404 ? (
          <Empty
            title={say('notFound')}
            action={<PageLink to={pageOf.devices()}>{say('title')}</PageLink>}
          />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading height={320} />
        )}
      </PageFrame>
    );
  return (
    <PageFrame
      title={pick(device.name, device.id)}
      crumbs={crumbs}
      about={
        <span className="sj-devices-name">
          <code>{device.id}</code> <DeviceState status={device.status} />
          <DeviceMarks device={device} />
        </span>
      }
      actions={<DeviceActions device={device} />}
    >
      <div className="sj-device">
        <DeviceFacts device={device} />
        <DeviceMapping id={device.mapping} />
        <DeviceRefusals id={device.id} />
      </div>
    </PageFrame>
  );
}
