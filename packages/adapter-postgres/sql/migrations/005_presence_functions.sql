-- What becomes of presence in several statements, each of which must see what was committed while the one before waited for a lock.
--
-- Locks are taken in one order by all: of a lease first, then of channels in the order of their names; so nobody waits in a circle. A change
-- has the lock of its own lease, and whoever takes out what has ended passes over leases that are locked.
--
-- The plans are made for any number of rows, since tables that were empty a moment ago are not for long: always by index, row by row.

-- The present epoch; null where the server does not know yet that it has begun one.
create function parley.presence_epoch() returns text language sql stable as $$
  select e.nonce from parley.presence_epochs as e
  where e.started = pg_postmaster_start_time() and e.home = 'parley.presence_channels'::regclass
$$;

create function parley.presence_ms(since timestamptz, until timestamptz) returns float8 language sql immutable strict as $$
  select greatest(extract(epoch from until - since) * 1000, 0)::float8
$$;

-- Makes sure that there is an epoch of this process of the server.
create function parley.presence_begin() returns void language sql as $$
  insert into parley.presence_epochs as e (nonce, started, home)
  values (left(replace(gen_random_uuid()::text, '-', ''), 12), pg_postmaster_start_time(), 'parley.presence_channels'::regclass)
  on conflict (one) do update set nonce = excluded.nonce, started = excluded.started, home = excluded.home
  where (e.started, e.home) is distinct from (excluded.started, excluded.home)
$$;

-- Forgets what is oldest of logs that have become long. Of each the last 256 diffs stay.
create function parley.presence_trim(rooms bigint[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  log record;
begin
  for log in
    select c.id, c.top - 256 as floor from parley.presence_channels as c
    where c.id = any (rooms) and c.top - c.floor > 512
  loop
    delete from parley.presence_diffs as d where d.channel = log.id and d.place <= log.floor;
    update parley.presence_channels as c set floor = log.floor where c.id = log.id;
  end loop;
end
$$;

-- Carries out the changes of a batch. `channels` are those it is about, each once, with the longest of their times, and whether anything is set
-- there. Of each change: which channel (from 1), and in which round; a round has at most one change of a user in a channel. A change
-- without a rank takes the entry away.
--
-- Answers first the verdict, then for each change its outcome, and the diff that it has made. Nothing at all: there is no epoch yet, and
-- nothing was changed.
create function parley.presence_change(
  named text, turn bigint, former text,
  channels text[], idle_times float8[], settings boolean[],
  owners bigint[], rounds bigint[], users text[], ids text[], ranks bigint[], bodies text[],
  takes boolean[], owned boolean[], times float8[], lingers float8[]
) returns table (
  n bigint, outcome text, event text, place bigint, at bigint, rank int, value text, ends float8, epoch text
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  here text := parley.presence_epoch();
  rooms bigint[];
  moment timestamptz;
begin
  if here is null then
    return;
  end if;
  update parley.presence_leases as l set turn = presence_change.turn
  where l.lease = named and l.until > clock_timestamp() and l.turn < presence_change.turn;
  if not found then
    n := 0;
    outcome := case
      when exists (select from parley.presence_leases as l where l.lease = named and l.until > clock_timestamp()) then 'late'
      else 'lapsed'
    end;
    return next;
    return;
  end if;
  n := 0;
  outcome := 'done';
  return next;

  -- On a conflict the row is locked in any case, and written only where the time is a longer one.
  insert into parley.presence_channels as c (channel, idle_ms)
  select g.channel, g.idle_ms
  from unnest(channels, idle_times, settings) as g (channel, idle_ms, sets)
  where g.sets or exists (select from parley.presence_channels as k where k.channel = g.channel)
  order by g.channel collate "C"
  on conflict (channel) do update set idle_ms = excluded.idle_ms where c.idle_ms < excluded.idle_ms;
  rooms := array(
    select (select c.id from parley.presence_channels as c where c.channel = g.channel)
    from unnest(channels) with ordinality as g (channel, n) order by g.n
  );
  moment := clock_timestamp();

  for this_round in 1..coalesce((select max(r) from unnest(rounds) as r), 0) loop
    return query
    with asked as materialized (
      select
        u.n, rooms[u.owner] as room, u.username, u.id, u.rank::smallint as rank, u.value, u.take,
        case when u.owned then named end as lease, moment + u.for_ms * interval '1 ms' as until, u.linger_ms
      from unnest(owners, rounds, users, ids, ranks, bodies, takes, owned, times, lingers)
        with ordinality as u (owner, round, username, id, rank, value, take, owned, for_ms, linger_ms, n)
      where u.round = this_round
    ),
    -- With what is there now, and the best of the other entries of the user.
    found as materialized (
      select
        a.*, c.top, c.nonce, c.sets + a.n as new_nth,
        o.ctid as row, o.lease as old_lease, o.rank as old_rank, o.value as old_value, o.nth as old_nth,
        o.until as old_until, o.linger_ms as old_linger_ms, l.lease is not null as held,
        b.rank as best_rank, b.value as best_value, b.nth as best_nth, b.until as best_until,
        o.lease is null or o.lease in (named, former) as ours
      from asked as a
      left join parley.presence_channels as c on c.id = a.room
      left join parley.presence_entries as o on o.channel = a.room and o.username = a.username and o.id = a.id
      left join parley.presence_leases as l on l.lease = o.lease and l.until > clock_timestamp()
      left join lateral (
        select e.rank, e.value, e.nth, e.until from parley.presence_entries as e
        where e.channel = a.room and e.username = a.username and e.id <> a.id
        order by e.rank desc, e.nth desc limit 1
      ) as b on true
    ),
    judged as (
      select
        f.*,
        case
          when f.rank is null and f.row is null then 'same'
          when f.rank is null then case when f.ours is true then 'done' else 'taken' end
          when f.ours is not true and not f.take and f.held then 'taken'
          when f.row is not null and f.rank = f.old_rank and f.value = f.old_value and f.lease is not distinct from f.old_lease
            then 'same'
          else 'done'
        end as outcome,
        case when f.rank = f.old_rank and f.value = f.old_value then f.old_nth else f.new_nth end as nth
      from found as f
    ),
    -- What is told of the user before and after.
    told as (
      select
        j.*,
        j.outcome = 'done' or (
          j.outcome = 'same' and j.rank is not null
          and (j.until, j.linger_ms) is distinct from (j.old_until, j.old_linger_ms)
        ) as writes,
        j.row is not null and (j.best_rank is null or (j.old_rank, j.old_nth) > (j.best_rank, j.best_nth)) as old_first,
        j.rank is not null and (j.best_rank is null or (j.rank, j.nth) > (j.best_rank, j.best_nth)) as new_first
      from judged as j
    ),
    compared as (
      select
        t.*,
        case when t.old_first then t.old_rank else t.best_rank end as was_rank,
        case when t.old_first then t.old_value else t.best_value end as was_value,
        case when t.new_first then t.rank else t.best_rank end as now_rank,
        case when t.new_first then t.value else t.best_value end as now_value,
        case when t.new_first then t.until else t.best_until end as now_until
      from told as t
    ),
    named_events as (
      select
        c.*,
        case
          when c.outcome <> 'done' or (c.was_rank, c.was_value) is not distinct from (c.now_rank, c.now_value) then null
          when c.was_rank is null then 'join'
          when c.now_rank is null then 'leave'
          else 'update'
        end as event
      from compared as c
    ),
    decided as materialized (
      select e.*, e.top + count(e.event) over (partition by e.room order by e.n) as place from named_events as e
    ),
    removed as (
      delete from parley.presence_entries as e
      where e.ctid = any (array(select d.row from decided as d where d.writes and d.rank is null))
    ),
    written as (
      insert into parley.presence_entries as e (channel, username, id, lease, rank, value, nth, until, linger_ms)
      select d.room, d.username, d.id, d.lease, d.rank, d.value, d.nth, d.until, d.linger_ms
      from decided as d where d.writes and d.rank is not null
      on conflict (channel, username, id) do update set
        lease = excluded.lease, rank = excluded.rank, value = excluded.value, nth = excluded.nth,
        until = excluded.until, linger_ms = excluded.linger_ms
    ),
    logged as (
      insert into parley.presence_diffs (channel, place, event, username, rank, value, until, at)
      select d.room, d.place, d.event, d.username, coalesce(d.now_rank, 0), coalesce(d.now_value, ''), d.now_until, moment
      from decided as d where d.event is not null
    ),
    counted as (
      update parley.presence_channels as c set
        top = c.top + s.diffs,
        at = case when s.diffs > 0 then moment else c.at end,
        users = c.users + s.users,
        entries = c.entries + s.entries,
        sets = c.sets + s.sets,
        idle_until = case when c.entries + s.entries = 0 then moment + c.idle_ms * interval '1 ms' end
      from (
        select
          d.room, count(d.event) as diffs, max(d.n) as sets,
          count(*) filter (where d.event = 'join') - count(*) filter (where d.event = 'leave') as users,
          count(*) filter (where d.row is null) - count(*) filter (where d.rank is null) as entries
        from decided as d where d.writes group by d.room
      ) as s
      where c.id = s.room
    )
    select
      d.n, d.outcome, d.event, d.place, floor(extract(epoch from moment) * 1000)::bigint,
      coalesce(d.now_rank, 0)::int, coalesce(d.now_value, ''),
      parley.presence_ms(moment, d.now_until), d.nonce || '.' || here
    from decided as d order by d.n;
  end loop;

  perform parley.presence_trim(rooms);
  if false = any (settings) then
    -- One of which only something was to be taken away, and that was forgotten at this very moment, was made anew above.
    delete from parley.presence_channels as c where c.id = any (rooms) and c.top = 0 and c.entries = 0;
  end if;
end
$$;

-- Takes out what has ended, of at most so many users, and channels of which nothing is left. Answers the diffs, and at last in how many ms
-- the next thing ends, and how much was taken out. Nothing at all: there is no epoch yet.
create function parley.presence_reap(most int) returns table (
  channel text, epoch text, username text, event text, place bigint, at bigint, rank int, value text, ends float8,
  next_ms float8, removed bigint
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  here text := parley.presence_epoch();
  moment timestamptz := clock_timestamp();
  ended text[];
  rooms bigint[];
  users text[];
  work bigint := 0;
  more bigint;
begin
  if here is null then
    return;
  end if;
  ended := array(
    select l.lease from parley.presence_leases as l
    where l.until <= moment order by l.lease limit least(most, 100) for update skip locked
  );
  select array_agg(v.channel), array_agg(v.username) into rooms, users
  from (
    select distinct e.channel, e.username
    from (
      (select k.channel, k.username from parley.presence_entries as k where k.lease = any (ended) limit most)
      union all
      (select k.channel, k.username from parley.presence_entries as k where k.until <= moment order by k.until limit most)
    ) as e
    limit most
  ) as v;

  if rooms is not null then
    perform from parley.presence_channels as c where c.id = any (rooms) order by c.channel for update;
    -- Others may have been there first: what counts is what is there behind the locks, and when.
    moment := clock_timestamp();
    return query
    with seen as (
      select
        e.ctid as row, e.*, c.channel as name, c.nonce, c.top,
        coalesce(e.until <= moment, false) as over, coalesce(e.lease = any (ended), false) as lapsed,
        c.sets + row_number() over (partition by e.channel order by e.nth) as new_nth
      from unnest(rooms, users) as u (room, username)
      join parley.presence_channels as c on c.id = u.room
      join parley.presence_entries as e on e.channel = u.room and e.username = u.username
    ),
    fated as materialized (
      select
        s.*,
        s.over or (s.lapsed and s.linger_ms is null) as gone,
        not s.over and s.lapsed and s.linger_ms is not null as lingers
      from seen as s
    ),
    changed as (
      select
        f.*,
        case when f.lingers then 0 else f.rank end as new_rank,
        case when f.lingers and f.rank <> 0 then f.new_nth else f.nth end as next_nth,
        case when f.lingers then moment + f.linger_ms * interval '1 ms' else f.until end as new_until
      from fated as f
    ),
    compared as (
      select
        f.channel as room, f.username, f.name, f.nonce, f.top,
        (array_agg(f.rank order by f.rank desc, f.nth desc))[1] as was_rank,
        (array_agg(f.value order by f.rank desc, f.nth desc))[1] as was_value,
        (array_agg(f.new_rank order by f.new_rank desc, f.next_nth desc) filter (where not f.gone))[1] as now_rank,
        (array_agg(f.value order by f.new_rank desc, f.next_nth desc) filter (where not f.gone))[1] as now_value,
        (array_agg(f.new_until order by f.new_rank desc, f.next_nth desc) filter (where not f.gone))[1] as now_until,
        count(*) filter (where f.gone) as gone, count(*) filter (where f.gone or f.lingers) as work, max(f.new_nth) as sets
      from changed as f group by f.channel, f.username, f.name, f.nonce, f.top
    ),
    decided as materialized (
      select e.*, e.top + count(e.event) over (partition by e.room order by e.username) as place
      from (
        select
          c.*,
          case
            when (c.was_rank, c.was_value) is not distinct from (c.now_rank, c.now_value) then null
            when c.now_rank is null then 'leave'
            else 'update'
          end as event
        from compared as c where c.work > 0
      ) as e
    ),
    taken as (
      delete from parley.presence_entries as e where e.ctid = any (array(select f.row from fated as f where f.gone))
    ),
    kept as (
      update parley.presence_entries as e set
        lease = null, rank = 0, nth = f.next_nth, until = f.new_until, linger_ms = null
      from changed as f
      where f.lingers and e.channel = f.channel and e.username = f.username and e.id = f.id
    ),
    logged as (
      insert into parley.presence_diffs (channel, place, event, username, rank, value, until, at)
      select d.room, d.place, d.event, d.username, coalesce(d.now_rank, 0), coalesce(d.now_value, ''), d.now_until, moment
      from decided as d where d.event is not null
    ),
    counted as (
      update parley.presence_channels as c set
        top = c.top + s.diffs,
        at = case when s.diffs > 0 then moment else c.at end,
        users = c.users - s.leaves,
        entries = c.entries - s.gone,
        sets = greatest(c.sets, s.sets),
        idle_until = case when c.entries = s.gone then moment + c.idle_ms * interval '1 ms' end
      from (
        select
          d.room, count(d.event) as diffs, count(*) filter (where d.event = 'leave') as leaves,
          sum(d.gone) as gone, max(d.sets) as sets
        from decided as d group by d.room
      ) as s
      where c.id = s.room
    )
    select
      d.name, d.nonce || '.' || here, d.username, d.event, d.place, floor(extract(epoch from moment) * 1000)::bigint,
      coalesce(d.now_rank, 0)::int, coalesce(d.now_value, ''),
      parley.presence_ms(moment, d.now_until), null::float8, d.work
    from decided as d order by d.room, d.place;
    get diagnostics work = row_count;
    perform parley.presence_trim(rooms);
  end if;

  delete from parley.presence_leases as l
  where l.lease = any (ended) and not exists (select from parley.presence_entries as e where e.lease = l.lease);
  get diagnostics more = row_count;
  work := work + more;

  rooms := array(
    select c.id from parley.presence_channels as c
    where c.idle_until <= moment order by c.idle_until limit most for update skip locked
  );
  delete from parley.presence_diffs as d where d.channel = any (rooms);
  delete from parley.presence_channels as c where c.id = any (rooms);
  get diagnostics more = row_count;

  removed := work + more;
  channel := null;
  next_ms := extract(epoch from least(
    (select min(l.until) from parley.presence_leases as l),
    (select min(e.until) from parley.presence_entries as e where e.until is not null),
    (select min(c.idle_until) from parley.presence_channels as c where c.idle_until is not null)
  ) - clock_timestamp()) * 1000;
  return next;
end
$$;
