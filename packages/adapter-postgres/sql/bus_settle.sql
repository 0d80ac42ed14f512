-- $1 text[]: queues   $2 text[]: ids   $3 text[]: tokens   $4 text[]: done, again or dead   $5 float8[]: ms until it is due again
-- $6 bigint[]: attempts to take back   $7 text[]: reasons
-- Answers the ordinals (from 1) of the leases that were held; a job is settled once, however often it is named.
with given as materialized (
  select distinct on (u.queue, u.id) u.*
  from unnest(
    (select $1::text[]), (select $2::text[]), (select $3::text[]), (select $4::text[]), (select $5::float8[]), (select $6::bigint[]),
    (select $7::text[])
  ) with ordinality as u (queue, id, token, outcome, delay_ms, back, reason, ordinal)
  order by u.queue, u.id, u.ordinal
),
held as materialized (
  select g.*
  from given as g join parley.bus_jobs as j on j.queue = g.queue and j.id = g.id and j.token = g.token
  order by j.queue, j.id
  for update of j
),
ended as (
  delete from parley.bus_jobs as j using held as h
  where j.queue = h.queue and j.id = h.id and h.outcome <> 'again'
  returning h.outcome, h.reason, h.ordinal, j.queue, j.id, j.body, j.added_at, j.attempts
),
buried as (
  insert into parley.bus_dead_jobs (queue, id, body, added_at, attempts, reason, at)
  select queue, id, body, added_at, attempts, reason, statement_timestamp()
  from ended where outcome = 'dead' order by ordinal
),
returned as (
  update parley.bus_jobs as j set
    token = null, lease_until = null, attempts = j.attempts - h.back, due = statement_timestamp() + h.delay_ms * interval '1 ms'
  from held as h
  where j.queue = h.queue and j.id = h.id and h.outcome = 'again'
)
select ordinal from held
