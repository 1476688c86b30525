import { defineModule, storage } from '#kernel/module';
import { context } from '#platform/context';
import { registers } from '#platform/registers';
import { openImporters } from './imports.ts';
import { socialManagement } from './index.ts';
import { addAirRoutes, addTyphoonRoutes } from './routes.ts';
import type { SocialManagementTables } from './tables.ts';
import { openTyphoons } from './typhoon/typhoons.ts';

export default defineModule({
  provides: socialManagement,
  title: { zh: '智慧社会管理', en: 'Smart social management' },
  uses: [context, registers],
  plan: { 'S6.2': 'part', 'S6.6': 'part' },
  actions: {
    'social-management.typhoon.read': {
      title: { zh: '查看台风路径', en: 'See the tracks of typhoons' },
      grant: ['anyone'],
    },
    'social-management.air-quality.read': {
      title: { zh: '查看空气质量等级', en: 'See the levels of air quality' },
      grant: ['anyone'],
    },
  },
  events: {},
  entities: ['AirQualityObserved', 'TropicalCyclone'],
  feeds: [
    {
      standard: 'CNEMC GeoJSON · HJ 633',
      version: '2012',
      direction: 'in',
      at: 'import air-quality',
      implemented: {
        zh: '全国监测网站点小时值；空气质量指数与首要污染物按标准计算',
        en: 'Hours of the national network’s stations; index and primary pollutants computed by the standard',
      },
    },
    {
      standard: 'JTWC best track',
      version: 'CSV',
      direction: 'in',
      at: 'import typhoon',
      implemented: { zh: '路径、风速、气压', en: 'Track, wind, pressure' },
    },
    {
      standard: 'superBT best track',
      version: 'CSV v04',
      direction: 'in',
      at: 'import typhoon-radii',
      implemented: {
        zh: '名称、路径、风速、气压、风圈',
        en: 'Name, track, wind, pressure, wind radii',
      },
    },
  ],
  storage: storage<SocialManagementTables>(new URL('./migrations', import.meta.url)),
  setup: ({ db, clock }, { context, registers }) => {
    const typhoons = openTyphoons({ db, clock, context });
    return {
      api: { listTyphoons: typhoons.list, getTyphoon: typhoons.get },
      routes: (app) => {
        addTyphoonRoutes(app, typhoons, () => registers.city().centre);
        addAirRoutes(app);
      },
      importers: openImporters(context, typhoons),
    };
  },
});
