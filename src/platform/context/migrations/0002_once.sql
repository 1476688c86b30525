-- Messages whose effect is already in the history, so that one sent again after a crash is recognised. Kept for a day.
create table taken (
  key text primary key,
  at  timestamptz not null
);
create index taken_by_age on taken using brin (at);
