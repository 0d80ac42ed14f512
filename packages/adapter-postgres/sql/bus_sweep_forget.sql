-- $1 bigint[]: logs   $2 bigint[]: up to where each is forgotten   $3 bigint[]: logs to give up
-- Rows that somebody is appending behind wait for the next time.
with given_up as (
  delete from parley.bus_channels
  where id = any (
    array(
      select c.id from parley.bus_channels as c
      where c.id = any ($3::bigint[]) and c.at < statement_timestamp() - greatest(interval '30 days', 2 * c.keep_ms * interval '1 ms')
      for update skip locked
    )
  )
)
update parley.bus_channels as c set floor = u.floor
from unnest($1::bigint[], $2::bigint[]) as u (id, floor)
where c.id = u.id and c.floor < u.floor
  and c.id = any (array(select f.id from parley.bus_channels as f where f.id = any ($1::bigint[]) for update skip locked))
