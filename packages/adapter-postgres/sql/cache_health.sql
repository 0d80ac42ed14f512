-- Answers: rows (an estimate), bytes with indexes and large values, dead rows, updates, updates that stayed in their page, guards.
select
  coalesce(e.n_live_tup, 0),
  pg_total_relation_size('parley.cache_entries'),
  coalesce(e.n_dead_tup, 0),
  coalesce(e.n_tup_upd, 0),
  coalesce(e.n_tup_hot_upd, 0),
  coalesce((select n_live_tup from pg_stat_user_tables where relid = 'parley.cache_guards'::regclass), 0)
from (select) as one
left join pg_stat_user_tables as e on e.relid = 'parley.cache_entries'::regclass
