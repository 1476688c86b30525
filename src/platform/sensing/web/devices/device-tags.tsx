import { DemoTag, StatusTag, type Palette } from '#platform/ui/web';
import type { Device, DeviceStatus } from '../api.ts';
import { devicesWords } from './words.ts';

const TONES: Readonly<Record<DeviceStatus, keyof Palette['tone']>> = {
  live: 'ok',
  late: 'warn',
  silent: 'alarm',
  new: 'quiet',
  revoked: 'quiet',
};

/** How a device is doing. */
export function DeviceState({ status }: { status: DeviceStatus }) {
  const say = devicesWords.useText();
  return <StatusTag tone={TONES[status]}>{say(status)}</StatusTag>;
}

/** Marks a device that is made up or here for a day. */
export function DeviceMarks({ device }: { device: Device }) {
  const say = devicesWords.useText();
  return (
    <>
      {device.demo && <DemoTag />}
      {device.sandbox && <StatusTag tone="notice">{say('trial')}</StatusTag>}
    </>
  );
}
