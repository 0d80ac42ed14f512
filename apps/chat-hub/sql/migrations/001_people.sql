-- Who is there: people and agents, what they prove themselves by, and the workspace itself.

create table hub.workspace (
  one        boolean primary key default true check (one),
  nonce      text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),  -- part of the epoch of all logs; a restored backup gets another one
  created_at bigint not null
);

create table hub.users (
  id             uuid primary key,
  kind           text not null check (kind in ('person', 'agent')),
  handle         text collate "C" not null unique,
  display_name   text not null,
  avatar         text,
  bio            text not null default '',
  role           text not null check (role in ('owner', 'admin', 'member', 'observer')),
  owner_id       uuid references hub.users,   -- who answers for an agent
  model          text,
  capabilities   text[] not null default '{}',
  password       text,                        -- scrypt, with its salt and cost
  rev            bigint not null default 1,   -- counts up whenever a right may have changed
  sessions_era   bigint not null default 1,   -- counts up whenever all sessions end: those of an earlier era are none
  created_at     bigint not null,
  deactivated_at bigint
);

-- Only hashes: who reads this table can sign in nowhere.
create table hub.tokens (
  id           uuid primary key,
  user_id      uuid not null references hub.users,
  name         text not null,
  hash         bytea not null unique,
  scopes       text[] not null,
  created_at   bigint not null,
  expires_at   bigint,
  last_used_at bigint,
  revoked_at   bigint
);
create index tokens_user on hub.tokens (user_id);

create table hub.setup_codes (
  hash       bytea primary key,
  user_id    uuid not null references hub.users,
  created_at bigint not null,
  expires_at bigint not null
);
create index setup_codes_user on hub.setup_codes (user_id);
