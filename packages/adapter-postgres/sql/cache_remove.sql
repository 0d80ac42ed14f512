-- $1 text[]: keys
-- Removes the rows, leases and all; answers the key of each, and whether it had a live record.
with locked as materialized (
  select hash
  from parley.cache_entries
  where hash = any (array(select hashtextextended(k, 0) from unnest($1::text[]) as k))
  order by hash
  for update
)
delete from parley.cache_entries
where hash = any (array(select hash from locked))
  and key in (select unnest($1::text[]))
returning key, coalesce(keep_until > statement_timestamp(), false)
