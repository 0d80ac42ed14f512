-- $1 int: rows at the most
-- Forgets locks that nobody has held for a day, and those who have not been heard of for an hour; what is locked is left alone. Only if nobody
-- else is at it. Answers how many.
with alone as materialized (
  select pg_try_advisory_xact_lock(hashtextextended('sweep parley.locks', 0)) as it_is
),
idle as materialized (
  select l.ctid from parley.locks as l
  where (select it_is from alone) and l.until < statement_timestamp() - interval '1 day' limit $1::int for update skip locked
),
gone as materialized (
  select w.ctid from parley.lock_waiters as w
  where (select it_is from alone) and w.until < statement_timestamp() - interval '1 hour' limit $1::int for update skip locked
),
locks as (
  delete from parley.locks as l where l.ctid = any (array(select ctid from idle)) returning 1
),
waiters as (
  delete from parley.lock_waiters as w where w.ctid = any (array(select ctid from gone)) returning 1
)
select (select count(*) from locks) + (select count(*) from waiters)
