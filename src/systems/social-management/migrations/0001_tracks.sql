-- The book of tropical cyclone tracks: points is a list of typhoon/track.ts's TrackPoint, in order of time.
create table tracks (
  sn         text primary key,
  season     integer not null,
  name       text,
  began_at   timestamptz not null,
  ended_at   timestamptz not null,
  wind_max   double precision,
  points     jsonb not null,
  changed_at timestamptz not null
);
create index tracks_by_season on tracks (season, sn);
