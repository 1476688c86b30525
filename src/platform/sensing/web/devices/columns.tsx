import { useMemo } from 'react';
import { Age, usePick, type Column } from '#platform/ui/web';
import { useNames, type Device } from '../api.ts';
import { useClassName } from './classes.ts';
import { DeviceMarks, DeviceState } from './device-tags.tsx';
import { devicesWords } from './words.ts';

/** Worst first, when sorted by state. */
const URGENCY = { silent: 0, late: 1, new: 2, live: 3, revoked: 4 } as const;

/** The columns of the list of devices. */
export function useDeviceColumns(): readonly Column<Device>[] {
  const say = devicesWords.useText();
  const pick = usePick();
  const className = useClassName();
  const { districts, bodies } = useNames();
  return useMemo(() => {
    const called = (items: typeof districts, id: string | undefined) =>
      id === undefined ? undefined : pick(items.find((one) => one.id === id)?.name, id);
    return [
      {
        key: 'name',
        title: say('device'),
        value: (device) => pick(device.name, device.id),
        sortable: true,
        render: (device) => (
          <span className="sj-devices-name">
            {pick(device.name, device.id)} <DeviceMarks device={device} />
          </span>
        ),
      },
      {
        key: 'id',
        title: say('id'),
        value: (device) => device.id,
        sortable: true,
        render: (device) => <code className="sj-devices-id">{device.id}</code>,
      },
      {
        key: 'state',
        title: say('state'),
        value: (device) => `${URGENCY[device.status]} ${say(device.status)}`,
        sortable: true,
        render: (device) => <DeviceState status={device.status} />,
      },
      {
        key: 'class',
        title: say('class'),
        value: (device) => className(device.class),
        sortable: true,
      },
      {
        key: 'district',
        title: say('district'),
        value: (device) => called(districts, device.district),
        sortable: true,
      },
      {
        key: 'owner',
        title: say('owner'),
        value: (device) => called(bodies, device.owner),
        sortable: true,
      },
      {
        key: 'seen',
        title: say('lastSeen'),
        value: (device) => (device.lastSeenAt ? new Date(device.lastSeenAt) : undefined),
        sortable: true,
        render: (device) => <Age at={device.lastSeenAt} />,
      },
      {
        key: 'messages',
        title: say('messages'),
        value: (device) => device.messages,
        sortable: true,
        digits: 0,
      },
      {
        key: 'refused',
        title: say('refused'),
        value: (device) => device.refused,
        sortable: true,
        digits: 0,
      },
    ];
  }, [say, pick, className, districts, bodies]);
}
