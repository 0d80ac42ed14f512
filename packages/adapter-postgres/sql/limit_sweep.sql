-- $1 bigint: first page   $2 bigint: pages
-- Removes what has ended of some pages, and with counts the entries that they sum up; what somebody has locked is left alone. Answers the pages
-- of the table, and the number of rows removed.
with moment as materialized (
  select parley.limit_now() as now
),
ended as materialized (
  select c.ctid
  from parley.limit_counts as c
  where c.ctid >= format('(%s,0)', $1::bigint)::tid and c.ctid < format('(%s,0)', $1::bigint + $2::bigint)::tid
    and c.ends <= (select now from moment)
  for update skip locked
),
removed as (
  delete from parley.limit_counts as c where c.ctid = any (array(select e.ctid from ended as e)) returning c.identity, c.rule
),
entries as (
  delete from parley.limit_entries as e using removed as r
  where split_part(r.rule, ':', 2) = 'log' and e.identity = r.identity and e.rule = r.rule
)
select pg_relation_size('parley.limit_counts') / current_setting('block_size')::bigint, (select count(*) from removed)
