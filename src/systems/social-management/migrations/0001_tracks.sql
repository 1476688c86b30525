-- The book of tropical cyclone tracks: points is a list of typhoon/track.ts's TrackPoint, in order of time.
-- The box holds them all; a track across the date line has the whole round of longitudes.
create table tracks (
  sn         text primary key,
  season     integer not null,
  name       text,
  began_at   timestamptz not null,
  ended_at   timestamptz not null,
  wind_max   double precision,
  west       double precision not null,
  south      double precision not null,
  east       double precision not null,
  north      double precision not null,
  points     jsonb not null,
  changed_at timestamptz not null
);
create index tracks_by_season on tracks (season, sn);
create index tracks_by_box on tracks (south, north, west, east);
