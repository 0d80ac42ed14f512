-- $1 text: id   $2 float8: idle ms
update parley.sessions as s set
  seen = statement_timestamp(),
  until = least(statement_timestamp() + $2::float8 * interval '1 ms', s.last),
  due = parley.session_due(least(statement_timestamp() + $2::float8 * interval '1 ms', s.last))
where s.id = $1::text and s.ended is null and s.until > clock_timestamp()
returning 1
