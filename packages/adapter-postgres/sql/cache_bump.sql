-- $1 text[]: guards   $2 float8: ms that each lives on for at least
-- Raises the epoch of each guard (of two with one hash once), also of an absent one; answers the new epochs.
with given as materialized (
  select distinct on (hash) hash, name
  from (select hashtextextended(name, 0) as hash, name from unnest($1::text[]) as u (name)) as g
  order by hash
),
clock as materialized (
  select (extract(epoch from statement_timestamp()) * 1000000)::bigint as us
)
insert into parley.cache_guards as g (hash, name, epoch, keep_until)
select hash, name, us + 1 - us % 2, statement_timestamp() + $2::float8 * interval '1 ms'
from given cross join clock
order by hash
on conflict (hash) do update set
  name = excluded.name,
  epoch = case
    when excluded.epoch > g.epoch then excluded.epoch
    else g.epoch + case when (excluded.epoch - g.epoch) % 2 = 0 then 2 else 1 end
  end,
  keep_until = greatest(g.keep_until, excluded.keep_until)
returning name, epoch
