import type { TrackPoint } from './typhoon/track.ts';

export type TracksTable = {
  sn: string;
  season: number;
  name: string | null;
  began_at: string;
  ended_at: string;
  wind_max: number | null;
  west: number;
  south: number;
  east: number;
  north: number;
  points: readonly TrackPoint[];
  changed_at: string;
};

export type SocialManagementTables = { tracks: TracksTable };
