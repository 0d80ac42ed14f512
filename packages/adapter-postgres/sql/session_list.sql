-- $1 text: user   $2 int: how many at the most
select
  s.id,
  s.address, s.agent, parley.session_ms(s.created), parley.session_ms(s.seen),
  (extract(epoch from statement_timestamp() - s.seen) * 1000)::float8, (extract(epoch from s.until - statement_timestamp()) * 1000)::float8
from parley.sessions as s
where s.username = $1::text and s.ended is null and s.until > statement_timestamp()
order by s.seen desc, s.id
limit $2::int
