import type { Words } from '#kernel/module';

const words = (zh: string, en: string): Words => ({ zh, en });

/** GTFS Realtime 2.0, VehicleStopStatus. */
export const STOP_STATUSES: readonly Words[] = [
  words('即将进站', 'Arriving'),
  words('停站', 'At the stop'),
  words('驶向下一站', 'On the way to the stop'),
];

/** GTFS Realtime 2.0, OccupancyStatus. */
export const OCCUPANCIES: readonly Words[] = [
  words('空车', 'Empty'),
  words('座位充足', 'Many seats'),
  words('少量座位', 'Few seats'),
  words('仅余站位', 'Standing room only'),
  words('拥挤', 'Crushed standing room only'),
  words('满载', 'Full'),
  words('不载客', 'Not accepting passengers'),
  words('无数据', 'No data'),
  words('不可乘坐', 'Not boardable'),
];

/** GTFS Realtime 2.0, CongestionLevel; 0 is unknown. */
export const CONGESTIONS: readonly (Words | undefined)[] = [
  undefined,
  words('畅通', 'Running smoothly'),
  words('走走停停', 'Stop and go'),
  words('拥堵', 'Congestion'),
  words('严重拥堵', 'Severe congestion'),
];
