-- Applications that people sign in to with this house, or that ask it for themselves (OAuth 2, OpenID Connect).
create table clients (
  id          text primary key,
  name_zh     text not null,
  name_en     text not null,
  -- 'web': has a server that keeps a secret; 'public': runs at the person's; 'service': asks for itself; 'kiosk': has no keyboard
  kind        text not null check (kind in ('web', 'public', 'service', 'kiosk')),
  secret_hash text,
  redirects   text[] not null,
  logouts     text[] not null,
  scopes      text[] not null,
  roles       text[] not null,
  jwks        jsonb,
  trusted     boolean not null,
  sandbox     boolean not null,
  owner       text not null,
  created_at  timestamptz not null,
  ended_at    timestamptz
);
create index clients_by_owner on clients (owner);

-- What the provider keeps for a while: codes, tokens, grants, sessions, interactions. Secrets stand as their hashes.
create table oidc_artifacts (
  model       text not null,
  id          text not null,
  payload     jsonb not null,
  grant_id    text,
  user_code   text,
  uid         text,
  account     text,
  client      text,
  consumed_at timestamptz,
  expires_at  timestamptz,
  primary key (model, id)
);
create index oidc_artifacts_by_grant on oidc_artifacts (grant_id) where grant_id is not null;
create index oidc_artifacts_by_user_code on oidc_artifacts (user_code) where user_code is not null;
create index oidc_artifacts_by_uid on oidc_artifacts (uid) where uid is not null;
create index oidc_artifacts_by_account on oidc_artifacts (account) where account is not null;
create index oidc_artifacts_by_expiry on oidc_artifacts (expires_at);

alter table tokens add column scopes text[];
alter table tokens add column sandbox boolean not null default false;
