-- $1 text[]: queues   $2 text[]: ids   $3 text[]: bodies   $4 float8[]: not before ms   $5 text[]: keys (null: none)   $6 float8[]: ms each counts
-- Answers for each the id of the job that is there, and whether it was before. A key's row tells who came first, also to whoever waited
-- for that one to commit.
with given as materialized (
  select u.*, 'queue ' || u.queue as scope
  from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::float8[])
    with ordinality as u (queue, id, body, delay_ms, key, for_ms, ordinal)
  -- What was acknowledged outlives a crash, whatever the server does by default.
  where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
),
keyed as (
  insert into parley.bus_once as o (scope, key, id, at, until)
  select distinct on (scope, key) scope, key, id, statement_timestamp(), statement_timestamp() + for_ms * interval '1 ms'
  from given where key is not null
  order by scope, key, ordinal
  on conflict (scope, key) do update set
    id = case when o.until > statement_timestamp() then o.id else excluded.id end,
    at = case when o.until > statement_timestamp() then o.at else excluded.at end,
    until = case when o.until > statement_timestamp() then o.until else excluded.until end
  returning o.scope, o.key, o.id, o.at = statement_timestamp() as fresh
),
wanted as materialized (
  select given.*, keyed.id as first, keyed.id is null or keyed.fresh and keyed.id = given.id as fresh
  from given left join keyed on keyed.scope = given.scope and keyed.key = given.key
),
added as (
  insert into parley.bus_jobs (queue, id, body, added_at, due)
  select queue, id, body, statement_timestamp(), statement_timestamp() + delay_ms * interval '1 ms'
  from wanted where fresh
  order by ordinal
  on conflict (queue, id) do nothing
  returning queue, id
)
select w.ordinal, coalesce(w.first, w.id), a.id is null
from wanted as w left join added as a on a.queue = w.queue and a.id = w.id and w.fresh
