-- $1 text[]: keys   $2 text[]: tokens
-- Ends the leases that are still held; a row that holds nothing else goes.
with given as materialized (
  select hashtextextended(key, 0) as hash, key, token
  from unnest($1::text[], $2::text[]) as u (key, token)
),
locked as materialized (
  select hash
  from parley.cache_entries
  where hash = any (array(select hash from given))
  order by hash
  for update
),
emptied as (
  delete from parley.cache_entries as e
  using given
  where e.hash = any (array(select hash from locked))
    and e.hash = given.hash and e.key = given.key and e.lease_token = given.token
    and e.keep_until is null
)
update parley.cache_entries as e set lease_token = null, lease_until = null
from given
where e.hash = any (array(select hash from locked))
  and e.hash = given.hash and e.key = given.key and e.lease_token = given.token
  and e.keep_until is not null
