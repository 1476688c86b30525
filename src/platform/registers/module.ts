import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Type } from 'typebox';
import { defineModule, storage } from '#kernel/module';
import { boundaryImporter } from './boundary-import.ts';
import { findBoundary } from './boundaries.ts';
import { openCalendar } from './calendar.ts';
import type { Day } from './days.ts';
import { inForce } from './days.ts';
import { listDistricts, nearestDistrict } from './districts.ts';
import { registers, type Registers } from './index.ts';
import { loadOutline } from './outline.ts';
import { loadStreets } from './places.ts';
import { loadCity } from './profile.ts';
import { addRoutes } from './routes.ts';
import type { RegistersTables } from './tables.ts';
import { openZone } from './zone.ts';

const CITIES = fileURLToPath(new URL('../../../cities', import.meta.url));

export default defineModule({
  provides: registers,
  title: { zh: '城市基础名录', en: 'Registers of the city' },
  uses: [],
  plan: { 'I18.1a': 'part', G24: 'part' },
  actions: {
    'registers.read': {
      title: {
        zh: '查看区县、机构、日历与城市轮廓',
        en: 'See districts, bodies, calendar and outline of the city',
      },
      grant: ['anyone'],
    },
  },
  events: {},
  feeds: [
    {
      standard: 'GeoJSON (RFC 7946)',
      version: '2016',
      direction: 'both',
      at: '/api/registers/outline, /api/registers/boundaries; import boundaries',
      implemented: {
        zh: '输出城市轮廓、陆地与官方界线；导入区县界线',
        en: 'Outline, land and official boundaries out; district boundaries in',
      },
    },
  ],
  settings: Type.Object({
    CITY: Type.String({
      default: 'ningbo',
      minLength: 1,
      description: 'The city: a folder of cities/, or the path of one elsewhere',
    }),
  }),
  storage: storage<RegistersTables>(new URL('./migrations', import.meta.url)),
  setup: (kernel) => {
    const { database, clock, settings } = kernel;
    const folder = isAbsolute(settings.CITY) ? settings.CITY : join(CITIES, settings.CITY);
    const profile = loadCity(folder);
    const { city, rules, years } = profile;
    const outline = loadOutline(city);
    const streets = loadStreets(city);
    const zone = openZone(city.timeZone);
    const today = (): Day => zone.localOf(clock.now()).day;
    const calendars = new Map<string, ReturnType<typeof openCalendar>>();

    const api: Registers = {
      city: () => city,
      districts: (on = today()) => listDistricts(profile.districts, on),
      bodies: (on = today()) => profile.bodies.filter((body) => inForce(body, on)),
      calendar: (body = '') => {
        const key = Object.hasOwn(rules.workingHoursOf, body) ? body : '';
        const open =
          calendars.get(key) ?? openCalendar({ rules, years, timeZone: city.timeZone }, key);
        calendars.set(key, open);
        return open;
      },
      outline: () => outline,
      plan: () => profile.plan,
      targets: () => profile.targets,
      demonstration: () => profile.demonstration,
      districtAt: async (position) => {
        const found = await findBoundary(database, position);
        const district = found.any
          ? api.districts().find((d) => d.code === found.code)
          : nearestDistrict(api.districts(), outline, position);
        return district && { district, approximate: !found.any };
      },
    };
    return {
      api,
      routes: (app) => addRoutes(app, { api, profile, streets, database, today }),
      importers: [boundaryImporter(kernel, () => api.districts())],
    };
  },
});
