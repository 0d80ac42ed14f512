-- $1 text: id
select
  s.version, s.username, s.data,
  s.address, s.agent, parley.session_ms(s.created), parley.session_ms(s.seen),
  (extract(epoch from statement_timestamp() - s.seen) * 1000)::float8, (extract(epoch from s.until - statement_timestamp()) * 1000)::float8
from parley.sessions as s
where s.id = $1::text and s.ended is null and s.until > statement_timestamp()
