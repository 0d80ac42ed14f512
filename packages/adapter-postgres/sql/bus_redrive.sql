-- $1 text: queue   $2 text[]: ids (null: any)   $3 int: how many
-- Answers how many jobs came back.
with chosen as materialized (
  select seq from parley.bus_dead_jobs
  where queue = $1 and ($2::text[] is null or id = any ($2::text[]))
  order by seq
  limit $3::int
  for update skip locked
),
raised as (
  delete from parley.bus_dead_jobs where seq = any (array(select seq from chosen)) returning seq, queue, id, body, added_at
),
added as (
  insert into parley.bus_jobs (queue, id, body, added_at, due)
  select queue, id, body, added_at, statement_timestamp() from raised order by seq
  on conflict (queue, id) do nothing
)
select count(*) from raised
