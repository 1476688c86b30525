-- Official boundaries, where somebody imported them: one area a district code, replaced as a whole by the next import.
create table boundaries (
  code        text primary key,
  area        geometry(MultiPolygon, 4326) not null,
  source      text not null,
  imported_at timestamptz not null
);
create index boundaries_by_area on boundaries using gist (area);
