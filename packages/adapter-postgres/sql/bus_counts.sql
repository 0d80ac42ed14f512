-- $1 text: queue
-- Answers how many jobs are ready, delayed, taken and dead, and for how many ms the oldest one has been ready.
select
  count(*) filter (where free and due <= statement_timestamp()),
  count(*) filter (where free and due > statement_timestamp()),
  count(*) filter (where not free),
  (select count(*) from parley.bus_dead_jobs where queue = $1),
  coalesce(greatest(extract(epoch from statement_timestamp() - min(due) filter (where free)) * 1000, 0), 0)
from parley.bus_jobs
cross join lateral (select lease_until is null or lease_until <= statement_timestamp()) as l (free)
where queue = $1
