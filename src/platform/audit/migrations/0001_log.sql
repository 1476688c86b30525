-- Every consequential act. `content` is the leaf: canonical JSON (RFC 8785) without anything personal. What says who and to
-- whom stands in `personal`, which the leaf holds only as a digest under `salt`; when both are erased, the leaf still fits.
create table entries (
  id         bigint generated always as identity primary key,
  content    text not null,
  salt       text,
  personal   text,
  -- Read from the leaf, so that what is searched cannot say otherwise than what is proved.
  at         text collate "C" not null generated always as (content::jsonb ->> 'at') stored,
  action     text collate "C" not null generated always as (content::jsonb ->> 'action') stored,
  outcome    text collate "C" not null generated always as (content::jsonb ->> 'outcome') stored,
  actor      text collate "C" generated always as (personal::jsonb #>> '{actor,id}') stored,
  actor_name text collate "C" generated always as (personal::jsonb #>> '{actor,name}') stored,
  subject    text collate "C" generated always as (personal::jsonb #>> '{subject,id}') stored,
  check ((salt is null) = (personal is null))
);
create index entries_by_time on entries (at);
create index entries_by_actor on entries (actor, id);
create index entries_by_name on entries (actor_name, id);
create index entries_by_subject on entries (subject, id);
create index entries_by_action on entries (action, id);

-- Committed and not yet in the tree: the sequencer's queue.
create table pending (entry bigint primary key);

-- The tree: leaves in order, and the roots of the perfect subtrees above them, which never change once they are full.
create table leaves (
  leaf_index bigint primary key,
  entry      bigint not null unique,
  hash       text not null
);
create table nodes (
  level    smallint not null check (level > 0),
  position bigint not null,
  hash     text not null,
  primary key (level, position)
);

-- Signed heads, as they were given out, and the keys that signed them.
create table heads (
  size bigint primary key,
  root text not null,
  at   timestamptz not null,
  key  text not null,
  note text not null
);
create table keys (
  id       text primary key,
  verifier text not null,
  made_at  timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only: % of % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- Only the keeper of retention, who says so in the transaction, and only what is past half a year.
create function refuse_early_delete() returns trigger language plpgsql as $$
begin
  if current_setting('audit.keeping', true) = 'on' and old.at::timestamptz < now() - interval '183 days' then
    return old;
  end if;
  raise exception 'The audit log is append-only: % of % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- Erasure takes the personal part and its salt together, and leaves the rest as it is; before half a year the law asks
-- for the log as it was (Cybersecurity Law, article 21).
create function refuse_all_but_erasure() returns trigger language plpgsql as $$
begin
  if current_setting('audit.keeping', true) = 'on' and old.at::timestamptz < now() - interval '183 days'
     and new.salt is null and new.personal is null and (new.id, new.content) = (old.id, old.content) then
    return new;
  end if;
  raise exception 'The audit log is append-only: % of % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- An empty table may be emptied: that is how an archive begins to be restored.
create function refuse_truncate() returns trigger language plpgsql as $$
declare
  held boolean;
begin
  execute format('select exists (select 1 from %I.%I)', tg_table_schema, tg_table_name) into held;
  if held then
    raise exception 'The audit log is append-only: % of % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

-- What waits for its place leaves the queue by getting one.
create function refuse_unplaced() returns trigger language plpgsql as $$
begin
  if exists (select 1 from audit.leaves l where l.entry = old.entry) then
    return old;
  end if;
  raise exception 'The audit log is append-only: % of % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger keep before update on pending for each row execute function refuse_change();
create trigger keep_rows before delete on pending for each row execute function refuse_unplaced();
create trigger keep_all before truncate on pending for each statement execute function refuse_truncate();
create trigger keep before update on entries for each row execute function refuse_all_but_erasure();
create trigger keep_rows before delete on entries for each row execute function refuse_early_delete();
create trigger keep_all before truncate on entries for each statement execute function refuse_truncate();
create trigger keep before update or delete on leaves for each row execute function refuse_change();
create trigger keep_all before truncate on leaves for each statement execute function refuse_truncate();
create trigger keep before update or delete on nodes for each row execute function refuse_change();
create trigger keep_all before truncate on nodes for each statement execute function refuse_truncate();
create trigger keep before update or delete on heads for each row execute function refuse_change();
create trigger keep_all before truncate on heads for each statement execute function refuse_truncate();
create trigger keep before update or delete on keys for each row execute function refuse_change();
create trigger keep_all before truncate on keys for each statement execute function refuse_truncate();

-- Who looked at whose personal data. `batch` names the entry of the log that holds a digest of the rows written together.
create table accesses (
  id           bigint generated always as identity primary key,
  batch        text not null,
  at           timestamptz not null,
  whose        text not null,
  actor_kind   text not null,
  actor        text not null,
  actor_name   text not null,
  bodies       text[] not null,
  on_behalf_of text,
  action       text not null,
  subject_kind text not null,
  subject      text not null,
  fields       text[] not null,
  purpose      text,
  request      text
);
create index accesses_by_person on accesses (whose, id);
create index accesses_by_time on accesses (at);
create index accesses_by_batch on accesses (batch);
create trigger keep before update on accesses for each row execute function refuse_change();
create trigger keep_rows before delete on accesses for each row execute function refuse_early_delete();
create trigger keep_all before truncate on accesses for each statement execute function refuse_truncate();

-- Whoever was erased; what the log says of them goes as it passes half a year.
create table forgotten (
  person text primary key,
  at     timestamptz not null
);
