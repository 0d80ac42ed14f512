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
-- Answers first the verdict, then for each change its outcome, the diff that it has made, and the lease of another that it was taken from. Nothing at all: there is no epoch yet, and
-- nothing was changed.
create function parley.presence_change(
  named text, turn bigint, former text,
  channels text[], idle_times float8[], settings boolean[],
  owners bigint[], rounds bigint[], users text[], ids text[], ranks bigint[], bodies text[],
  takes boolean[], owned boolean[], times float8[], lingers float8[]
) returns table (
  n bigint, outcome text, event text, place bigint, at bigint, rank int, value text, ends float8, epoch text, displaced text
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  here text := parley.presence_epoch();
  locked boolean[];
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

  -- Only of what is there now: a channel that somebody else makes from now on is not locked, and nothing in it is ours to be taken away.
  locked := array(
    select g.sets or exists (select from parley.presence_channels as k where k.channel = g.channel)
    from unnest(channels, settings) with ordinality as g (channel, sets, n) order by g.n
  );
  -- On a conflict the row is locked in any case, and written only where the time is a longer one.
  insert into parley.presence_channels as c (channel, idle_ms)
  select g.channel, g.idle_ms
  from unnest(channels, idle_times, locked) as g (channel, idle_ms, locked)
  where g.locked
  order by g.channel collate "C"
  on conflict (channel) do update set idle_ms = excluded.idle_ms where c.idle_ms < excluded.idle_ms;
  rooms := array(
    select (select c.id from parley.presence_channels as c where c.channel = g.channel and g.locked)
    from unnest(channels, locked) with ordinality as g (channel, locked, n) order by g.n
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
      parley.presence_ms(moment, d.now_until), d.nonce || '.' || here,
      case when d.outcome = 'done' and d.take and d.ours is not true then d.old_lease end
    from decided as d order by d.n;
  end loop;

  perform parley.presence_trim(rooms);
  if false = any (settings) then
    -- One of which only something was to be taken away, and that was forgotten at this very moment, was made anew above.
    delete from parley.presence_channels as c where c.id = any (rooms) and c.top = 0 and c.entries = 0;
  end if;
end
$$;
