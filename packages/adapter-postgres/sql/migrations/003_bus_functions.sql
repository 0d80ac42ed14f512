-- What needs several statements in one round trip. Within a function each of them sees what was committed before it began, also by whoever
-- held a lock that the one before waited for; a single statement would not.

-- Makes sure that this server process has a history: its last one, if it is the same server with the same tables, or a new one.
create function parley.bus_begin_history(boot text) returns void language plpgsql as $$
declare
  here text := concat_ws(' ', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8), boot);
  this oid := 'parley.bus_channels'::regclass;
  last parley.bus_histories;
begin
  perform pg_advisory_xact_lock(hashtextextended('parley.bus_histories', 0));
  select * into last from parley.bus_histories where home = this order by number desc limit 1;
  if last.server = here then
    update parley.bus_histories set started = pg_postmaster_start_time()
    where number = last.number and started is distinct from pg_postmaster_start_time();
  else
    update parley.bus_histories set started = null where home = this and started = pg_postmaster_start_time();
    insert into parley.bus_histories (server, home, started) values (here, this, pg_postmaster_start_time());
  end if;
end
$$;

-- Makes the partitions of today and of as many days ahead. Attaching, unlike creating in place, keeps nobody from reading or appending.
create function parley.bus_prepare_days(ahead int) returns void language plpgsql as $$
declare
  day date;
begin
  perform pg_advisory_xact_lock(hashtextextended('parley.bus_records', 0));
  for day in
    select (statement_timestamp() at time zone 'UTC')::date + n from generate_series(0, ahead) as n
  loop
    if to_regclass(format('parley.bus_records_%s', to_char(day, 'YYYYMMDD'))) is null then
      execute format('create table parley.bus_records_%s (like parley.bus_records including all)', to_char(day, 'YYYYMMDD'));
      execute format(
        'alter table parley.bus_records attach partition parley.bus_records_%s for values from (%L) to (%L)',
        to_char(day, 'YYYYMMDD'), day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'
      );
    end if;
  end loop;
end
$$;

-- Removes partitions of days that nobody keeps anything of, and answers how many. It gives up at once when somebody reads or appends for
-- long: everybody else would wait behind it.
create function parley.bus_drop_days() returns int language plpgsql set lock_timeout = '100ms' set jit = off as $$
declare
  partition record;
  longest float8 := (select max(c.keep_ms) from parley.bus_channels as c);
  ended timestamptz;
  kept boolean;
  dropped int := 0;
begin
  for partition in
    select c.oid::regclass as name, right(c.relname, 8)::date as day
    from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'parley.bus_records'::regclass and c.relname ~ '_[0-9]{8}$'
    order by 2
  loop
    ended := (partition.day + 1)::timestamp at time zone 'UTC';
    -- The last days take records of clocks that went back.
    exit when ended > statement_timestamp() - interval '1 day';
    if ended > statement_timestamp() - longest * interval '1 ms' then
      execute format('select exists (select from %s)', partition.name) into kept;
      continue when kept;
    end if;
    execute format('drop table %s', partition.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

-- The last place of a log from which all before it, itself included, are older than the moment; moments never go down along a log.
create function parley.bus_place_before(log bigint, low bigint, high bigint, moment timestamptz) returns bigint
language plpgsql as $$
declare
  middle bigint;
  seen timestamptz;
begin
  while low < high loop
    middle := high - (high - low) / 2;
    select r.at into seen from parley.bus_records as r where r.channel = log and r.place = middle;
    -- What is gone was older.
    if seen >= moment then high := middle - 1; else low := middle; end if;
  end loop;
  return low;
end
$$;

-- The lineage of a log that goes on in a later history: in those between, nothing was appended to it that is still there.
create function parley.bus_lineage(log parley.bus_channels, later int) returns text[] language sql stable as $$
  select (array(
    select h.nonce || ':' || log.top from parley.bus_histories as h
    where h.number >= log.history and h.number < later and h.home = 'parley.bus_channels'::regclass
    order by h.number desc
  ) || log.lineage)[:16]
$$;

-- Appends to several channels, all or nothing. `owners` says which of the channels (from 1) a record goes to, `nths` which of the new ones
-- there it is; `again` names records that may have been sent before. Answers the epoch, the top and the moment of each channel.
--
-- The rows of the channels are locked in the order of their names, and keep everybody else waiting until the transaction ends.
create function parley.bus_append(
  channels text[], counts bigint[], keep_counts bigint[], keep_times float8[], wides boolean[],
  owners bigint[], nths bigint[], ids text[], bodies text[], again text[]
) returns table (epochs text[], tops bigint[], times bigint[]) language plpgsql as $$
declare
  here parley.bus_histories;
  logs bigint[];
  moments timestamptz[];
begin
  if current_setting('synchronous_commit') = 'off' then
    -- A crash would take back what readers have seen, and give its offsets to others.
    perform set_config('synchronous_commit', 'local', true);
  end if;
  select * into here from parley.bus_histories as h
  where h.started = pg_postmaster_start_time() and h.home = 'parley.bus_channels'::regclass;
  if not found then
    perform parley.bus_begin_history(null);
    select * into here from parley.bus_histories as h
    where h.started = pg_postmaster_start_time() and h.home = 'parley.bus_channels'::regclass;
  end if;

  with moved as (
    insert into parley.bus_channels as c (channel, history, top, keep_count, keep_ms, wide, at)
    select g.channel, here.number, g.count, g.keep_count, g.keep_ms, g.wide, clock_timestamp()
    from unnest(channels, counts, keep_counts, keep_times, wides) as g (channel, count, keep_count, keep_ms, wide)
    order by g.channel collate "C"
    on conflict (channel) do update set
      lineage = case when c.history = excluded.history then c.lineage else parley.bus_lineage(c, excluded.history) end,
      history = excluded.history,
      top = c.top + excluded.top,
      keep_count = excluded.keep_count,
      keep_ms = excluded.keep_ms,
      wide = c.wide or excluded.wide,
      -- Never back along a log, unless a clock was an hour ahead: there are no partitions for the far future.
      at = case when excluded.top = 0 then c.at else least(greatest(c.at, clock_timestamp()), clock_timestamp() + interval '1 hour') end
    returning c.channel, c.id, c.nonce, c.top, c.at
  )
  select
    array_agg(m.id order by g.n),
    array_agg(m.nonce || '.' || here.nonce order by g.n),
    array_agg(m.top order by g.n),
    array_agg(m.at order by g.n)
  into logs, epochs, tops, moments
  from unnest(channels) with ordinality as g (channel, n) join moved as m on m.channel = g.channel;

  -- Seen only now, behind the lock: it may have come while this waited.
  if exists (
    select from parley.bus_fences as f
    where f.id = any (bus_append.ids) and (again is null or f.id <> all (again))
  ) then
    raise exception 'this was sent for a second time, which has been carried out' using errcode = 'PBF01';
  end if;

  insert into parley.bus_records (channel, place, at, id, body)
  select logs[r.owner], tops[r.owner] - counts[r.owner] + r.nth, moments[r.owner], r.id, r.body
  from unnest(owners, nths, ids, bodies) as r (owner, nth, id, body);

  times := array(select floor(extract(epoch from m) * 1000)::bigint from unnest(moments) with ordinality as u (m, n) order by n);
  return next;
end
$$;

-- The same where records may be there already: those with `since` were sent within so many ms, and of those with a key in `once_keys` an
-- earlier one counts for `once_ms`. Answers the places of all records, too, their moments, and whether they were there before.
create function parley.bus_append_new(
  channels text[], counts bigint[], keep_counts bigint[], keep_times float8[], wides boolean[],
  owners bigint[], nths bigint[], ids text[], bodies text[],
  since float8[], once_keys text[], once_ms float8[]
) returns table (
  epochs text[], tops bigint[], times bigint[], places bigint[], moments bigint[], repeats boolean[]
) language plpgsql as $$
declare
  log record;
  hit record;
  low bigint;
  logs bigint[];
  before bigint[];
  added bigint[] := array_fill(0::bigint, array[cardinality(channels)]);
  fresh bigint[] := '{}';
begin
  -- Whoever appends to these channels at the moment commits before this goes on, and the statements below see it.
  perform parley.bus_append(channels, added, keep_counts, keep_times, wides, '{}', '{}', '{}', '{}', null);

  select array_agg(c.id order by u.n), array_agg(c.top order by u.n) into logs, before
  from unnest(channels) with ordinality as u (channel, n) join parley.bus_channels as c on c.channel = u.channel;

  insert into parley.bus_fences (id, until)
  select r.id, clock_timestamp() + interval '15 min'
  from unnest(ids, since) as r (id, since) where r.since is not null order by r.id
  on conflict (id) do nothing;

  places := array_fill(null::bigint, array[cardinality(ids)]);
  moments := places;
  repeats := array_fill(false, array[cardinality(ids)]);

  for log in
    select r.owner, max(r.since) as since from unnest(owners, since) as r (owner, since) where r.since is not null group by r.owner
  loop
    -- Clocks that go at different speeds are allowed for.
    low := parley.bus_place_before(
      logs[log.owner], 0, before[log.owner], clock_timestamp() - (log.since * 1.1 + 5000) * interval '1 ms'
    );
    for hit in
      select w.n, r.place, floor(extract(epoch from r.at) * 1000)::bigint as moment
      from parley.bus_records as r
      join unnest(ids, owners, since) with ordinality as w (id, owner, since, n) on w.id = r.id
      where r.channel = logs[log.owner] and r.place > low and w.owner = log.owner and w.since is not null
    loop
      places[hit.n] := hit.place;
      moments[hit.n] := hit.moment;
      repeats[hit.n] := true;
    end loop;
  end loop;

  for i in 1..cardinality(ids) loop
    continue when repeats[i];
    if once_keys[i] is not null then
      select k.place, floor(extract(epoch from coalesce(r.at, k.at)) * 1000)::bigint as moment into hit
      from parley.bus_once as k
      left join parley.bus_records as r on r.channel = logs[owners[i]] and r.place = k.place
      where k.scope = 'log ' || logs[owners[i]] and k.key = once_keys[i] and k.until > clock_timestamp();
      if found then
        places[i] := hit.place;
        moments[i] := hit.moment;
        repeats[i] := true;
        continue;
      end if;
      insert into parley.bus_once (scope, key, id, place, at, until)
      values (
        'log ' || logs[owners[i]], once_keys[i], ids[i], before[owners[i]] + added[owners[i]] + 1,
        clock_timestamp(), clock_timestamp() + once_ms[i] * interval '1 ms'
      )
      on conflict (scope, key) do update set
        id = excluded.id, place = excluded.place, at = excluded.at, until = excluded.until;
    end if;
    added[owners[i]] := added[owners[i]] + 1;
    places[i] := before[owners[i]] + added[owners[i]];
    nths[i] := added[owners[i]];
    fresh := fresh || i;
  end loop;

  select a.epochs, a.tops, a.times into epochs, tops, times
  from parley.bus_append(
    channels, added, keep_counts, keep_times, wides,
    array(select owners[i] from unnest(fresh) with ordinality as u (i, n) order by n),
    array(select nths[i] from unnest(fresh) with ordinality as u (i, n) order by n),
    array(select ids[i] from unnest(fresh) with ordinality as u (i, n) order by n),
    array(select bodies[i] from unnest(fresh) with ordinality as u (i, n) order by n),
    array(select r.id from unnest(ids, since) as r (id, since) where r.since is not null)
  ) as a;
  return next;
end
$$;

-- The next jobs, or those that were taken by this token before. Those that were taken too often are dead instead.
create function parley.bus_take(which text, most int, lease_ms float8, named text, max_attempts int)
returns table (id text, body text, attempt int, added_at bigint) language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  ends timestamptz := moment + lease_ms * interval '1 ms';
begin
  -- The same call may be under way at this moment, behind a connection that was given up.
  perform pg_advisory_xact_lock(hashtextextended('parley.bus_takes ' || named, 0));
  if exists (select from parley.bus_takes as t where t.token = named) then
    update parley.bus_takes as t set until = ends + interval '1 min' where t.token = named;
    return query
    with held as (
      update parley.bus_jobs as j set lease_until = ends
      where j.queue = which and j.due <= moment and j.token = named
      returning j.due, j.seq, j.id, j.body, j.attempts, j.added_at
    )
    select h.id, h.body, h.attempts, floor(extract(epoch from h.added_at) * 1000)::bigint from held as h order by h.due, h.seq;
    return;
  end if;
  return query
  with ready as materialized (
    select j.ctid as row, j.attempts from parley.bus_jobs as j
    where j.queue = which and j.due <= moment and (j.lease_until is null or j.lease_until <= moment)
    order by j.due, j.seq
    limit most
    for update skip locked
  ),
  died as (
    delete from parley.bus_jobs as j
    where j.ctid = any (array(select r.row from ready as r where r.attempts >= max_attempts))
    returning j.*
  ),
  buried as (
    insert into parley.bus_dead_jobs (queue, id, body, added_at, attempts, reason, at)
    select d.queue, d.id, d.body, d.added_at, d.attempts, 'its lease ran out', moment from died as d order by d.seq
  ),
  taken as (
    update parley.bus_jobs as j set token = named, attempts = j.attempts + 1, lease_until = ends
    where j.ctid = any (array(select r.row from ready as r where r.attempts < max_attempts))
    returning j.due, j.seq, j.id, j.body, j.attempts, j.added_at
  ),
  noted as (
    insert into parley.bus_takes (token, until)
    select named, ends + interval '1 min' where exists (select from taken)
  )
  select t.id, t.body, t.attempts, floor(extract(epoch from t.added_at) * 1000)::bigint from taken as t order by t.due, t.seq;
end
$$;
