-- $1 text[]: queues   $2 text[]: ids   $3 text[]: tokens   $4 float8: ms
-- Answers the ordinals (from 1) of the leases that were held. Rows are locked in one order, here and when jobs end.
with given as materialized (
  select u.* from unnest((select $1::text[]), (select $2::text[]), (select $3::text[])) with ordinality as u (queue, id, token, ordinal)
),
held as materialized (
  select j.queue, j.id, g.ordinal
  from given as g join parley.bus_jobs as j on j.queue = g.queue and j.id = g.id and j.token = g.token
  order by j.queue, j.id
  for update of j
),
lengthened as (
  update parley.bus_jobs as j set lease_until = statement_timestamp() + $4::float8 * interval '1 ms'
  from (select distinct queue, id from held) as h
  where j.queue = h.queue and j.id = h.id
)
select ordinal from held
