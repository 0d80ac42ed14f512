-- Answers: locks that are held, those who wait, rows of locks, dead rows (the last two are estimates).
select
  (select count(*) from parley.locks as l where l.held and l.until > clock_timestamp()),
  (select count(*) from parley.lock_waiters as w where w.until > clock_timestamp()),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.locks'::regclass), 0),
  coalesce(sum(t.n_dead_tup), 0)
from pg_stat_user_tables as t where t.relid in ('parley.locks'::regclass, 'parley.lock_waiters'::regclass)
