-- $1 bigint[]: logs   $2 bigint[]: up to where their records are removed
-- Answers how many there were.
with gone as (
  delete from parley.bus_records as r
  using unnest($1::bigint[], $2::bigint[]) as u (log, place)
  where r.channel = u.log and r.place <= u.place
  returning 1
)
select count(*) from gone
