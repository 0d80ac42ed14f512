-- The cache: entries and the guards (tags, namespaces) that they depend on, once unlogged and once logged.
--
-- Unlogged tables write no WAL and are emptied by a crash of the server and by a failover. Entries and guards go together, and an absent
-- guard counts as newer than any entry, so nothing comes back that was invalidated. For the same reason each kind of entries has guards
-- of its own kind.
--
-- There is no index but the one on the hash, and half of each page is left free: so an update stays in its page and touches no index (HOT).

create unlogged table parley.cache_entries (
  hash        bigint primary key,   -- hashtextextended(key, 0); of two keys with one hash the later one takes the row
  key         text not null,
  bytes       bytea,                -- the record; null, and so are the next three, where there is only a lease
  version     bigint,
  fresh_until timestamptz,
  keep_until  timestamptz,
  lease_token text,                 -- who may fill the row, and until when
  lease_until timestamptz
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.2);

-- Values come compressed where that pays.
alter table parley.cache_entries alter column bytes set storage external;

create unlogged table parley.cache_guards (
  hash       bigint primary key,    -- two guards with one hash share an epoch: one is invalidated with the other, never forgotten
  name       text not null,         -- for operators: whoever was there last
  epoch      bigint not null,       -- microseconds of the server's clock; even: made, odd: bumped
  keep_until timestamptz not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create table parley.cache_entries_logged (like parley.cache_entries including all)
  with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.2);

create table parley.cache_guards_logged (like parley.cache_guards including all)
  with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
