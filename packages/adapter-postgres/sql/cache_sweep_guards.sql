-- $1 bigint: first page (null: anywhere)   $2 bigint: pages   $3 bigint: rows at the most   $4 boolean: only if nobody else sweeps
-- Removes expired rows of some pages; what somebody is writing is left alone, and what was written anew is not expired any more. Answers
-- the pages of the table, the first page that was looked at, and the number of rows removed; no row if somebody else sweeps.
with size as materialized (
  select pg_relation_size('parley.cache_guards') / current_setting('block_size')::bigint as pages
),
span as materialized (
  select pages, coalesce($1::bigint, greatest(floor(random() * (pages + $2::bigint))::bigint - $2::bigint, 0)) as first
  from size
  where not $4::boolean or pg_try_advisory_xact_lock(hashtextextended('sweep parley.cache_guards', 0))
),
expired as materialized (
  select ctid
  from parley.cache_guards
  where ctid >= (select format('(%s,0)', first)::tid from span)
    and ctid < (select format('(%s,0)', first + $2::bigint)::tid from span)
    and keep_until <= statement_timestamp()
  limit $3::bigint
  for update skip locked
),
removed as (
  delete from parley.cache_guards where ctid = any (array(select ctid from expired)) returning 1
)
select pages, first, (select count(*) from removed) from span
