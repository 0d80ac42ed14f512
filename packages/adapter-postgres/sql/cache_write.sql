-- $1 text[]: keys   $2 bytea[]: records   $3 bigint[]: versions   $4 float8[]: fresh ms   $5 float8[]: keep ms
-- Replaces what is there and breaks its lease. Of two records with one hash the later one stays. Rows are locked in the order of their
-- hashes, here and in every other statement, so that batches that overlap wait for each other and never in a circle.
insert into parley.cache_entries (hash, key, bytes, version, fresh_until, keep_until)
select distinct on (hash)
  hash, key, bytes, version,
  statement_timestamp() + fresh_ms * interval '1 ms',
  statement_timestamp() + keep_ms * interval '1 ms'
from (
  select hashtextextended(key, 0) as hash, *
  from unnest($1::text[], $2::bytea[], $3::bigint[], $4::float8[], $5::float8[])
    with ordinality as u (key, bytes, version, fresh_ms, keep_ms, ordinal)
) as given
order by hash, ordinal desc
on conflict (hash) do update set
  key = excluded.key,
  bytes = excluded.bytes,
  version = excluded.version,
  fresh_until = excluded.fresh_until,
  keep_until = excluded.keep_until,
  lease_token = null,
  lease_until = null
