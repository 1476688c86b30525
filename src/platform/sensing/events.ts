import { DeviceBack, DeviceRegistered, DeviceSilent } from './contract.ts';

export const sensingEvents = {
  'sensing.device-registered': DeviceRegistered,
  'sensing.device-silent': DeviceSilent,
  'sensing.device-back': DeviceBack,
};
