-- A token ends with the one that made it: those whose maker ended before this was so, end now.
with recursive orphans as (
  select t.id, m.revoked_at from identity.tokens t join identity.tokens m on m.id = t.created_by
  where m.revoked_at is not null and t.revoked_at is null
  union
  select t.id, o.revoked_at from identity.tokens t join orphans o on t.created_by = o.id where t.revoked_at is null)
update identity.tokens t set revoked_at = o.revoked_at from orphans o where o.id = t.id;
update identity.tokens t set expires_at = m.expires_at
  from identity.tokens m where m.id = t.created_by and t.expires_at > m.expires_at;
create index tokens_by_maker on identity.tokens (created_by);
