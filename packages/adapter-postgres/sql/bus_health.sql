-- Answers how full the server's queue of notices is (0 to 1), how many channels and partitions there are, and how many rows of jobs, alive and
-- dead to the server.
select
  pg_notification_queue_usage(),
  (select greatest(c.reltuples, 0)::bigint from pg_class as c where c.oid = 'parley.bus_channels'::regclass),
  (select count(*) from pg_inherits where inhparent = 'parley.bus_records'::regclass),
  coalesce(s.n_live_tup, 0),
  coalesce(s.n_dead_tup, 0)
from (select) as one left join pg_stat_user_tables as s on s.relid = 'parley.bus_jobs'::regclass
