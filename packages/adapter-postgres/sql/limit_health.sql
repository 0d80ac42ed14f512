-- Answers: identities with counts, entries of logs, tokens, blocks, holders of slots, dead rows. All are estimates.
select
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.limit_counts'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.limit_entries'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.limit_tokens'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.limit_guards'::regclass), 0),
  coalesce(sum(t.n_live_tup) filter (where t.relid = 'parley.limit_slots'::regclass), 0),
  coalesce(sum(t.n_dead_tup), 0)
from pg_stat_user_tables as t
where t.relid in (
  'parley.limit_counts'::regclass, 'parley.limit_entries'::regclass, 'parley.limit_tokens'::regclass,
  'parley.limit_guards'::regclass, 'parley.limit_slots'::regclass
)
