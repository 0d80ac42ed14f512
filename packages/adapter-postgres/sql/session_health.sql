-- Answers: sessions and stones, dead rows (estimates).
select coalesce(sum(t.n_live_tup), 0), coalesce(sum(t.n_dead_tup), 0)
from pg_stat_user_tables as t where t.relid = 'parley.sessions'::regclass
