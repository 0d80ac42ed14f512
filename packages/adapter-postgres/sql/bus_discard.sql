-- $1 text: queue   $2 text[]: ids (null: any)   $3 int: how many
-- Answers how many dead jobs are forgotten.
with chosen as materialized (
  select seq from parley.bus_dead_jobs
  where queue = $1 and ($2::text[] is null or id = any ($2::text[]))
  order by seq
  limit $3::int
  for update skip locked
),
gone as (
  delete from parley.bus_dead_jobs where seq = any (array(select seq from chosen)) returning 1
)
select count(*) from gone
