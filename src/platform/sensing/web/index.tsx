import type { ModuleWeb } from '#platform/ui/web';
import { developersWords } from './developers/words.ts';
import { devicesWords } from './devices/words.ts';

const { zh: devicesZh, en: devicesEn } = devicesWords;
const { zh: developersZh, en: developersEn } = developersWords;

/** The register of devices, and how to connect one. */
export const web: ModuleWeb = {
  words: [developersWords, devicesWords],
  pages: [
    {
      path: '/developers',
      title: { zh: developersZh.title, en: developersEn.title },
      about: { zh: developersZh.about, en: developersEn.about },
      face: 'developers',
      order: 0,
      load: async () => (await import('./developers/developers.tsx')).Developers,
    },
    {
      path: '/work/devices',
      title: { zh: devicesZh.title, en: devicesEn.title },
      about: { zh: devicesZh.about, en: devicesEn.about },
      face: 'work',
      order: 20,
      load: async () => (await import('./devices/devices.tsx')).Devices,
    },
    {
      path: '/work/devices/$id',
      title: { zh: devicesZh.one, en: devicesEn.one },
      face: 'work',
      listed: false,
      load: async () => (await import('./devices/device-page.tsx')).DevicePage,
    },
    {
      path: '/work/new-device',
      title: { zh: devicesZh.newTitle, en: devicesEn.newTitle },
      about: { zh: devicesZh.newAbout, en: devicesEn.newAbout },
      face: 'work',
      listed: false,
      load: async () => (await import('./devices/new-device.tsx')).NewDevice,
    },
  ],
};
