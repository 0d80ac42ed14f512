-- $1 text: lease   $2 float8: for how many ms
-- Answers the epoch. Nothing at all: there is none yet, and nothing was begun.
with here as materialized (
  select parley.presence_epoch() as epoch
),
opened as (
  insert into parley.presence_leases as l (lease, until)
  select $1, clock_timestamp() + $2::float8 * interval '1 ms' from here where here.epoch is not null
  on conflict (lease) do update set until = excluded.until, turn = 0
)
select here.epoch from here where here.epoch is not null
