-- What leases that are over, and time, have left behind. Locks and plans are those of 005.

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
