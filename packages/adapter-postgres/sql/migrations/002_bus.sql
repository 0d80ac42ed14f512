-- The bus: logs of channels, and queues of jobs. All that is promised to outlive a crash is in logged tables.

-- A history is a stretch of time in which nothing that was committed can have been lost: one server, on one timeline, with one copy of
-- these tables. Who finds itself in another one begins a new history, and every log goes on under another epoch.
create table parley.bus_histories (
  number  int generated always as identity primary key,
  nonce   text not null default left(replace(gen_random_uuid()::text, '-', ''), 8),
  server  text not null,      -- system identifier and timeline; embedded also the boot of the machine
  home    oid not null,       -- of bus_channels: other tables hold other logs, whatever they are called
  started timestamptz         -- when this server process began, for as long as it does: what all others go by
);
create unique index bus_histories_started on parley.bus_histories (started, home);

create table parley.bus_channels (
  id         bigint generated always as identity primary key,
  channel    text collate "C" not null unique,
  nonce      text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),
  history    int not null,                  -- in which the log was last written; its epoch is '<nonce>.<nonce of the history>'
  lineage    text[] not null default '{}',  -- '<nonce of an earlier history>:<offset up to which the log is that one's>', latest first
  top        bigint not null default 0,
  floor      bigint not null default 0,     -- up to here it is forgotten; so is what `keep_count` does not reach
  keep_count bigint not null,
  keep_ms    float8 not null,
  wide       boolean not null,
  at         timestamptz not null           -- of the last record
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.05);
create index bus_channels_wide on parley.bus_channels (channel) where wide;

-- One partition for each day of UTC. Offsets are unique because they are given out under the lock of the channel's row.
create table parley.bus_records (
  channel bigint not null,
  place   bigint not null,
  at      timestamptz not null,
  id      text not null,
  body    text not null
) partition by range (at);
create index bus_records_place on parley.bus_records (channel, place);
alter table parley.bus_records alter column body set storage external;

-- Keys of which only the first use counts.
create table parley.bus_once (
  scope text collate "C" not null,
  key   text collate "C" not null,
  id    text not null,
  place bigint,
  at    timestamptz not null,
  until timestamptz not null,
  primary key (scope, key)
);
create index bus_once_until on parley.bus_once (until);

-- Ids of records whose first sending was given up: it may still lie in a socket of a server that hung, and must not be carried out after
-- the second one. Such a socket does not outlive a crash, so neither need this.
create unlogged table parley.bus_fences (
  id    text collate "C" primary key,
  until timestamptz not null
);

-- Signals that are too large for a notice, until everybody has had time to fetch them.
create unlogged table parley.bus_parcels (
  id   text collate "C" primary key,
  body text not null,
  at   timestamptz not null default statement_timestamp()
);
alter table parley.bus_parcels alter column body set storage external;

-- Rows come and go all the time. Taking one touches no index and stays in its page (HOT), for which half of each page is left free: so what is
-- taken remains at the head of the queue, where the next one who takes passes over it. Cleaning up does not wait for a share of the table.
create table parley.bus_jobs (
  queue       text collate "C" not null,
  id          text collate "C" not null,
  seq         bigint generated always as identity,
  body        text not null,
  added_at    timestamptz not null,
  due         timestamptz not null,  -- when it may be taken
  attempts    int not null default 0,
  token       text,                  -- who has it, and until when
  lease_until timestamptz,
  primary key (queue, id)
) with (
  fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0
);
create index bus_jobs_due on parley.bus_jobs (queue, due, seq);
alter table parley.bus_jobs alter column body set storage external;

-- Tokens by which something was taken.
create table parley.bus_takes (
  token text collate "C" primary key,
  until timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create table parley.bus_dead_jobs (
  seq      bigint generated always as identity primary key,
  queue    text collate "C" not null,
  id       text collate "C" not null,
  body     text not null,
  added_at timestamptz not null,
  attempts int not null,
  reason   text not null,
  at       timestamptz not null
);
create index bus_dead_jobs_queue on parley.bus_dead_jobs (queue, seq);
create index bus_dead_jobs_id on parley.bus_dead_jobs (queue, id);

-- When something was last cleaned up, so that of many processes one does it.
create unlogged table parley.bus_sweeps (
  what text primary key,
  at   timestamptz not null
);
