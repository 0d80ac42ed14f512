-- $1 text[]: keys   $2 text[]: tokens   $3 bytea[]: records   $4 bigint[]: versions   $5 float8[]: fresh ms   $6 float8[]: keep ms
-- Writes each record whose key is still under the lease of the token, and ends the lease; answers the keys of those. Of two requests with
-- one hash the first one is tried.
with given as materialized (
  select distinct on (hash) *
  from (
    select hashtextextended(key, 0) as hash, *
    from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::float8[], $6::float8[])
      with ordinality as u (key, token, bytes, version, fresh_ms, keep_ms, ordinal)
  ) as g
  order by hash, ordinal
),
locked as materialized (
  select hash
  from parley.cache_entries
  where hash = any (array(select hash from given))
  order by hash
  for update
)
update parley.cache_entries as e set
  bytes = given.bytes,
  version = given.version,
  fresh_until = statement_timestamp() + fresh_ms * interval '1 ms',
  keep_until = statement_timestamp() + keep_ms * interval '1 ms',
  lease_token = null,
  lease_until = null
from given
where e.hash = any (array(select hash from locked))
  and e.hash = given.hash
  and e.key = given.key
  and e.lease_token = given.token
  and e.lease_until > statement_timestamp()
returning e.key
