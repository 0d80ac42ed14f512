-- Presence: who is where. All of it is unlogged: it is true only as long as the processes that said it keep saying it. A crash of the server and
-- a failover empty all of these tables together; then another epoch begins, and every process registers again what it has.

-- What was answered in one epoch is still there, but for what was changed since. It ends with the process of the server.
create unlogged table parley.presence_epochs (
  one     boolean primary key default true check (one),
  nonce   text not null,
  started timestamptz not null,  -- when the process of the server began
  home    oid not null           -- of presence_channels: restored ones are others, whatever they are called
);

-- Nothing but the name is in an index: renewing a lease stays in its page (HOT). There is one for each process, so looking at all is cheap.
create unlogged table parley.presence_leases (
  lease text collate "C" primary key,
  until timestamptz not null,
  turn  bigint not null default 0  -- of the last batch that was carried out
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Logged: of an unlogged one, as identity columns of unlogged tables have it, a standby that was promoted may have nothing that can be read.
create sequence parley.presence_channel_ids;

-- Whoever changes anything in a channel has the lock of its row.
create unlogged table parley.presence_channels (
  id         bigint primary key default nextval('parley.presence_channel_ids'),
  channel    text collate "C" not null unique,
  nonce      text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),  -- its epoch is '<nonce>.<nonce of the server>'
  top        bigint not null default 0,
  floor      bigint not null default 0,  -- up to here the log is forgotten
  at         timestamptz,                -- of the last diff
  users      int not null default 0,
  entries    int not null default 0,
  sets       bigint not null default 0,  -- the highest number of a setting so far
  idle_ms    float8 not null,
  idle_until timestamptz                 -- when it is forgotten, if nobody comes; null where somebody is
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
create index presence_channels_idle on parley.presence_channels (idle_until) where idle_until is not null;

create unlogged table parley.presence_entries (
  channel   bigint not null,
  username  text collate "C" not null,
  id        text collate "C" not null,
  lease     text collate "C",    -- null: nobody's
  rank      smallint not null,
  value     text not null,
  nth       bigint not null,     -- of two entries of one rank, the one with the higher number was set last
  until     timestamptz,         -- null: it does not end by time
  linger_ms float8,
  primary key (channel, username, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create index presence_entries_lease on parley.presence_entries (lease) where lease is not null;
create index presence_entries_until on parley.presence_entries (until) where until is not null;

create unlogged table parley.presence_diffs (
  channel  bigint not null,
  place    bigint not null,
  event    text not null,
  username text not null,
  rank     smallint not null,
  value    text not null,
  until    timestamptz,
  at       timestamptz not null,
  primary key (channel, place)
) with (autovacuum_vacuum_scale_factor = 0.05);
