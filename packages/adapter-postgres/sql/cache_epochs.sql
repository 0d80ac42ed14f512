-- $1 text[]: guards   $2 float8: ms that each lives on for at least
-- Answers each guard (of two with one hash only one) with its epoch, and makes those that are absent. A guard that has to live longer is
-- given twice as long as asked for, so that one in use is written once in a while and not with every load.
with given as materialized (
  select distinct on (hash) hash, name
  from (select hashtextextended(name, 0) as hash, name from unnest($1::text[]) as u (name)) as g
  order by hash
),
known as materialized (
  select given.hash, given.name, g.epoch
  from parley.cache_guards as g
  join given on given.hash = g.hash
  where g.hash = any (array(select hash from given))
    and g.keep_until >= statement_timestamp() + $2::float8 * interval '1 ms'
),
clock as materialized (
  select (extract(epoch from statement_timestamp()) * 1000000)::bigint as us
),
made as (
  insert into parley.cache_guards as g (hash, name, epoch, keep_until)
  select hash, name, us + us % 2, statement_timestamp() + $2::float8 * interval '1 ms'
  from given cross join clock
  where not exists (select from known where known.hash = given.hash)
  order by hash
  on conflict (hash) do update set
    name = excluded.name,
    epoch = case
      when g.keep_until > statement_timestamp() then g.epoch
      when excluded.epoch > g.epoch then excluded.epoch
      else g.epoch + case when (excluded.epoch - g.epoch) % 2 = 0 then 2 else 1 end
    end,
    keep_until = greatest(g.keep_until, statement_timestamp() + 2 * $2::float8 * interval '1 ms')
  returning name, epoch
)
select name, epoch from known
union all
select name, epoch from made
