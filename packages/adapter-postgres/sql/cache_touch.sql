-- $1 text[]: keys   $2 float8[]: fresh ms   $3 float8[]: keep ms
-- Moves the ends of live records; answers the key of each. Of two requests with one key the later one counts.
with given as materialized (
  select distinct on (hash) *
  from (
    select hashtextextended(key, 0) as hash, *
    from unnest($1::text[], $2::float8[], $3::float8[]) with ordinality as u (key, fresh_ms, keep_ms, ordinal)
  ) as g
  order by hash, ordinal desc
),
locked as materialized (
  select hash
  from parley.cache_entries
  where hash = any (array(select hash from given))
  order by hash
  for update
)
update parley.cache_entries as e set
  fresh_until = statement_timestamp() + fresh_ms * interval '1 ms',
  keep_until = statement_timestamp() + keep_ms * interval '1 ms'
from given
where e.hash = any (array(select hash from locked))
  and e.hash = given.hash
  and e.key = given.key
  and e.keep_until > statement_timestamp()
returning e.key
