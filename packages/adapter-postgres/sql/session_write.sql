-- $1 text: id   $2 text: version   $3 text: seen version (null: any)   $4 text: user   $5 boolean: whether it gets that user
-- $6 text: data   $7 float8: idle ms
-- Answers what became of it; null: somebody was at it at the same moment, perhaps this very change by another connection, and it has to be asked
-- again: behind them it is looked at what is there now, and answered by what was there before.
with written as (
  update parley.sessions as s set
    version = $2::text,
    username = case when $5::boolean then $4::text else s.username end,
    data = $6::text,
    seen = statement_timestamp(),
    until = least(statement_timestamp() + $7::float8 * interval '1 ms', s.last),
    due = parley.session_due(least(statement_timestamp() + $7::float8 * interval '1 ms', s.last))
  where s.id = $1::text and s.ended is null and s.until > clock_timestamp()
    and s.version <> $2::text and ($3::text is null or s.version = $3::text)
  returning 1
),
there as (
  select s.version from parley.sessions as s
  where s.id = $1::text and s.ended is null and s.until > clock_timestamp()
)
select case
  when exists (select from written) or exists (select from there as t where t.version = $2::text) then 'done'
  when exists (select from there as t where $3::text is null or t.version = $3::text) then null
  when $3::text is not null and exists (select from there) then 'conflict'
  else 'gone'
end
