-- Answers: processes with a lease, channels, entries, diffs, dead rows (all but the first are estimates).
select
  (select count(*) from parley.presence_leases),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.presence_channels'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.presence_entries'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.presence_diffs'::regclass), 0),
  coalesce(sum(t.n_dead_tup), 0)
from pg_stat_user_tables as t
where t.relid in (
  'parley.presence_channels'::regclass, 'parley.presence_entries'::regclass, 'parley.presence_diffs'::regclass
)
