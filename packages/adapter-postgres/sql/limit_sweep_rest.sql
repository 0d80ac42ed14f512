-- $1 bigint: first page   $2 bigint: pages
-- Removes what has ended of some pages; what somebody has locked is left alone. Answers the pages of the table, and the number of rows removed.
with moment as materialized (
  select parley.limit_now() as now
),
ended as materialized (
  select t.ctid
  from parley.limit_tokens as t
  where t.ctid >= format('(%s,0)', $1::bigint)::tid and t.ctid < format('(%s,0)', $1::bigint + $2::bigint)::tid
    and t.ends <= (select now from moment)
  for update skip locked
),
removed as (
  delete from parley.limit_tokens as t where t.ctid = any (array(select e.ctid from ended as e)) returning 1
)
select pg_relation_size('parley.limit_tokens') / current_setting('block_size')::bigint, (select count(*) from removed)
