-- $1 text: queue
-- Answers how many jobs are ready, delayed, taken and dead, and for how many ms the oldest one has been ready.
select
  count(*) filter (where due <= statement_timestamp()),
  count(*) filter (where due > statement_timestamp() and token is null),
  count(*) filter (where due > statement_timestamp() and token is not null),
  (select count(*) from parley.bus_dead_jobs where queue = $1),
  coalesce(greatest(extract(epoch from statement_timestamp() - min(due)) * 1000, 0), 0)
from parley.bus_jobs
where queue = $1
