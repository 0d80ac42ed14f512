-- $1 text[]: guards
-- Answers the live ones with their epochs.
with given as materialized (
  select hashtextextended(name, 0) as hash, name
  from unnest($1::text[]) as u (name)
)
select given.name, g.epoch
from parley.cache_guards as g
join given on given.hash = g.hash
where g.hash = any (array(select hash from given))
  and g.keep_until > statement_timestamp()
