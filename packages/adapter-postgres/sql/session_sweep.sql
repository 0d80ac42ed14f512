-- $1 int: how many at the most
-- Removes what is over, and leaves alone what somebody is at. Answers how much it was.
with over as materialized (
  select s.ctid from parley.sessions as s
  where s.due <= statement_timestamp() and s.until <= statement_timestamp()
  order by s.due limit $1::int for update skip locked
),
removed as (
  delete from parley.sessions as s where s.ctid = any (array(select o.ctid from over as o)) returning 1
)
select count(*) from removed
