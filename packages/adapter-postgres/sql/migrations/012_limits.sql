-- Limits. Counts and tokens are unlogged: a crash of the server and a failover empty them together, so each identity may find the whole of
-- a limit once more, and a call that is sent again is decided anew, against counts that do not know it either. Blocks and slots are logged:
-- who was blocked stays blocked, and what is out stays out until its holder gives it back or its time is over.
--
-- Times are whole ms since 1970 by the clock of the server. In each table `ends` is when a row means nothing any more. It is in no index, and
-- half of the pages is left free: so an update stays in its page (HOT). What has ended is found by looking through pages.

-- What is kept of an identity by a rule, '<name>:<kind>:<period>'. Whoever changes anything about the two, in any of these tables, has the
-- lock of this row, and makes one where there is none.
create unlogged table parley.limit_counts (
  identity text collate "C" not null,
  rule     text collate "C" not null,
  at       bigint not null default 0,  -- gcra, bucket: when the debt was so high; fixed: end of the window; sliding: its begin; log: of the last charge
  used     bigint not null default 0,  -- gcra, bucket: the debt; of windows and logs, units; nothing of concurrency
  before   bigint not null default 0,  -- sliding: units of the previous window
  ends     bigint not null default 0,
  primary key (identity, rule)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Of logs, what was charged when. They go with the counts, of which they are the particulars.
create unlogged table parley.limit_entries (
  identity text collate "C" not null,
  rule     text collate "C" not null,
  at       bigint not null,
  cost     bigint not null,
  primary key (identity, rule, at)
) with (autovacuum_vacuum_scale_factor = 0.05);

create unlogged table parley.limit_tokens (
  token bytea primary key,  -- a hash of it and of what it was used for
  ends  bigint not null
) with (autovacuum_vacuum_scale_factor = 0.05);

create table parley.limit_guards (
  identity  text collate "C" not null,
  rule      text collate "C" not null,
  until     bigint not null,  -- of the block
  strikes   bigint not null,
  forget_at bigint not null,
  ends      bigint not null,
  primary key (identity, rule)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create table parley.limit_slots (
  identity text collate "C" not null,
  rule     text collate "C" not null,
  holder   text collate "C" not null,
  cost     bigint not null,
  ends     bigint not null,
  primary key (identity, rule, holder)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create function parley.limit_now() returns bigint language sql volatile as $$
  select floor(extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

-- Takes the locks of accounts, each of which is given once, in one order for all: so nobody waits in a circle. On a conflict the row is locked
-- and not written.
create function parley.limit_lock(identities text[], rules text[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan as $$
begin
  insert into parley.limit_counts as c (identity, rule)
  select u.identity, u.rule from unnest(identities, rules) as u (identity, rule)
  order by u.identity collate "C", u.rule collate "C"
  on conflict (identity, rule) do update set used = c.used where false;
end
$$;

-- What most calls are: takes of gcra and bucket without tokens and plans of blocks, of each account once. Carries them out as `limit_run` does,
-- all at once, for a third of the time. `requests` says which charges belong together.
create function parley.limit_run_levels(
  identities text[], rules text[], periods bigint[], limits bigint[], bursts bigint[], costs bigint[], shadows boolean[], requests bigint[],
  out moment bigint, out answer bigint[]
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
begin
  perform parley.limit_lock(identities, rules);
  moment := parley.limit_now();
  with found as (
    select
      u.*, c.ctid as place, c.at > moment as ahead, greatest(0, coalesce(g.until, 0) - moment) as blocked,
      case when moment - c.at >= (c.used + u.cap - 1) / u.cap then 0 else c.used - greatest(0, moment - c.at) * u.cap end as debt
    from unnest(identities, rules, periods, limits, bursts, costs, shadows, requests)
      with ordinality as u (identity, rule, period, cap, burst, cost, shadow, request, n)
    join parley.limit_counts as c on c.identity = u.identity and c.rule = u.rule
    left join parley.limit_guards as g on g.identity = u.identity and g.rule = u.rule
  ),
  judged as (
    select f.*, f.debt + (f.cost - f.burst) * f.period as excess, f.blocked = 0 as free from found as f
  ),
  decided as (
    select
      j.*, j.free and j.excess <= 0 as own,
      bool_and(j.shadow or (j.free and j.excess <= 0)) over (partition by j.request) as ok
    from judged as j
  ),
  charged as materialized (
    select d.*, d.debt + case when d.own and d.ok then d.cost * d.period else 0 end as owed from decided as d
  ),
  written as (
    update parley.limit_counts as c set at = moment, used = h.owed, ends = moment + (h.owed + h.cap - 1) / h.cap
    from charged as h where (h.own and h.ok or h.ahead) and c.ctid = h.place
  )
  select array_agg(array[
    h.ok::int, 0, h.own::int,
    case when h.blocked > 0 then 0 else greatest(0, h.burst - (h.owed + h.period - 1) / h.period) end,
    case when h.own then 0 else greatest((h.excess + h.cap - 1) / h.cap, h.blocked) end,
    (h.owed + h.cap - 1) / h.cap, h.blocked
  ] order by h.n)
  into answer from charged as h;
end
$$;

create function parley.limit_reset(identities text[], rules text[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform parley.limit_lock(identities, rules);
  delete from parley.limit_guards as t using unnest(identities, rules) as u (identity, rule)
  where t.identity = u.identity and t.rule = u.rule;
  delete from parley.limit_slots as t using unnest(identities, rules) as u (identity, rule)
  where t.identity = u.identity and t.rule = u.rule;
  delete from parley.limit_entries as t using unnest(identities, rules) as u (identity, rule)
  where t.identity = u.identity and t.rule = u.rule;
  delete from parley.limit_counts as t using unnest(identities, rules) as u (identity, rule)
  where t.identity = u.identity and t.rule = u.rule;
end
$$;

-- Gives slots back (a period of 0), or holds them for another period. Each hold is given once. Answers the moment, then of each whether it was held.
create function parley.limit_hold(
  identities text[], rules text[], owners bigint[], holders text[], periods bigint[],
  out moment bigint, out answer bigint[]
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  perform parley.limit_lock(identities, rules);
  moment := parley.limit_now();
  for i in 1..cardinality(owners) loop
    if periods[i] = 0 then
      delete from parley.limit_slots as s
      where s.identity = identities[owners[i]] and s.rule = rules[owners[i]] and s.holder = holders[i] and s.ends > moment;
    else
      update parley.limit_slots as s set ends = moment + periods[i]
      where s.identity = identities[owners[i]] and s.rule = rules[owners[i]] and s.holder = holders[i] and s.ends > moment;
    end if;
    answer[i] := found::int;
  end loop;
end
$$;

-- A log by now: when its last charge was, and how many units it has. `ahead`: entries that lie in the future of a clock that went back happened
-- now, and have been put there; the counts are to be written then.
create function parley.limit_log(
  who text, what text, period bigint, moment bigint, changes boolean, out at bigint, out used bigint, out ahead boolean
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
  moved bigint;
begin
  select
    least(c.at, moment), c.at > moment,
    c.used - coalesce((
      select sum(e.cost) from parley.limit_entries as e
      where e.identity = c.identity and e.rule = c.rule and e.at <= moment - period
    ), 0)
  into at, ahead, used
  from parley.limit_counts as c where c.identity = who and c.rule = what;
  at := coalesce(at, 0);
  used := coalesce(used, 0);
  ahead := coalesce(ahead, false);
  if ahead and changes then
    with gone as (
      delete from parley.limit_entries as e
      where e.identity = who and e.rule = what and e.at > moment returning e.cost
    )
    select sum(g.cost) into moved from gone as g;
    insert into parley.limit_entries as e (identity, rule, at, cost)
    select who, what, moment, moved where moved > 0
    on conflict (identity, rule, at) do update set cost = e.cost + excluded.cost;
  end if;
end
$$;

-- In how many ms so many units of a log are back. What is not among the entries was charged now.
create function parley.limit_log_wait(who text, what text, period bigint, moment bigint, needed bigint) returns bigint language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return period + coalesce((
    select least(s.at, moment) from (
      select e.at, sum(e.cost) over (order by e.at rows unbounded preceding) as units from parley.limit_entries as e
      where e.identity = who and e.rule = what and e.at > moment - period
    ) as s
    where s.units >= needed order by s.at limit 1
  ), moment) - moment;
end
$$;

-- Gives units back, of the newest entries first. Answers when the newest of the rest was.
create function parley.limit_log_back(who text, what text, period bigint, moment bigint, units bigint) returns bigint language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  entry record;
begin
  for entry in
    select e.at, e.cost from parley.limit_entries as e
    where e.identity = who and e.rule = what and e.at > moment - period
    order by e.at desc
  loop
    if entry.cost > units then
      update parley.limit_entries as e set cost = e.cost - units
      where e.identity = who and e.rule = what and e.at = entry.at and units > 0;
      return entry.at;
    end if;
    delete from parley.limit_entries as e
    where e.identity = who and e.rule = what and e.at = entry.at;
    units := units - entry.cost;
  end loop;
  return 0;
end
$$;

-- The slots of an account by now: until when the last one is held, and how many there are. None is held for longer than a period from now.
create function parley.limit_slots_out(
  who text, what text, period bigint, moment bigint, changes boolean, out at bigint, out used bigint
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
begin
  select coalesce(max(s.ends), 0), coalesce(sum(s.cost), 0) into at, used
  from parley.limit_slots as s
  where s.identity = who and s.rule = what and s.ends > moment;
  if at > moment + period then
    at := moment + period;
    if changes then
      update parley.limit_slots as s set ends = at
      where s.identity = who and s.rule = what and s.ends > at;
    end if;
  end if;
end
$$;

-- In how many ms so many slots are back; 0 for who has some of them.
create function parley.limit_slots_wait(
  who text, what text, asking text, period bigint, moment bigint, needed bigint
) returns bigint language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  if exists (
    select from parley.limit_slots as s
    where s.identity = who and s.rule = what and s.holder = asking and s.ends > moment
  ) then
    return 0;
  end if;
  return least(period, coalesce((
    select s.ends from (
      select o.ends, sum(o.cost) over (order by o.ends, o.holder rows unbounded preceding) as units from parley.limit_slots as o
      where o.identity = who and o.rule = what and o.ends > moment
    ) as s
    where s.units >= needed order by s.ends limit 1
  ), moment) - moment);
end
$$;

-- What was charged to logs. What is over goes, since the counts of what is written know nothing of it any more.
create function parley.limit_log_write(
  identities text[], rules text[], kinds bigint[], periods bigint[], written boolean[], added bigint[], moment bigint
) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  delete from parley.limit_entries as e
  using unnest(identities, rules, kinds, periods, written) as u (identity, rule, kind, period, written)
  where u.written and u.kind = 4 and e.identity = u.identity and e.rule = u.rule and e.at <= moment - u.period;
  insert into parley.limit_entries as e (identity, rule, at, cost)
  select u.identity, u.rule, moment, u.added from unnest(identities, rules, added) as u (identity, rule, added)
  where u.added > 0
  on conflict (identity, rule, at) do update set cost = e.cost + excluded.cost;
end
$$;

-- Blocks that have begun (until when), and those that were forgiven (0).
create function parley.limit_guard(
  identities text[], rules text[], untils bigint[], counts bigint[], forgets bigint[], struck boolean[]
) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  delete from parley.limit_guards as g using unnest(identities, rules, untils, struck) as u (identity, rule, until, struck)
  where u.struck and u.until = 0 and g.identity = u.identity and g.rule = u.rule;
  insert into parley.limit_guards as g (identity, rule, until, strikes, forget_at, ends)
  select u.identity, u.rule, u.until, u.strikes, u.forget_at, greatest(u.until, u.forget_at)
  from unnest(identities, rules, untils, counts, forgets, struck) as u (identity, rule, until, strikes, forget_at, struck)
  where u.struck and u.until > 0
  on conflict (identity, rule) do update set
    until = excluded.until, strikes = excluded.strikes, forget_at = excluded.forget_at, ends = excluded.ends;
end
$$;
