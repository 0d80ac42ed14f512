-- $1 text: id   $2 text: new id   $3 text: version   $4 text: seen version (null: any)   $5 text: user   $6 text: data   $7 text: address
-- $8 text: user agent (null: as it is)   $9 float8: idle ms   $10 float8: ms up to its last moment (null: as it is)
-- $11 float8: how long the stone stays
-- Answers what became of it; null: somebody was at it at the same moment, perhaps this very rotation by another connection, and it has to be asked
-- again. The row stays the same one, so that whoever waits for it, to end all sessions of the user, finds it under its new id.
-- A crash must not take it back: where commits are not waited for, this one is.
with rotated as (
  update parley.sessions as s set
    id = $2::text,
    version = $3::text,
    username = coalesce($5::text, s.username),
    data = coalesce($6::text, s.data),
    address = coalesce($7::text, s.address),
    agent = coalesce($8::text, s.agent),
    created = case when $10::float8 is null then s.created else statement_timestamp() end,
    seen = statement_timestamp(),
    until = least(
      statement_timestamp() + $9::float8 * interval '1 ms',
      coalesce(statement_timestamp() + $10::float8 * interval '1 ms', s.last)
    ),
    last = coalesce(statement_timestamp() + $10::float8 * interval '1 ms', s.last),
    due = parley.session_due(least(
      statement_timestamp() + $9::float8 * interval '1 ms',
      coalesce(statement_timestamp() + $10::float8 * interval '1 ms', s.last)
    ))
  where s.id = $1::text and s.ended is null and s.until > clock_timestamp() and ($4::text is null or s.version = $4::text)
    and case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
  returning 1
),
stone as (
  insert into parley.sessions (id, version, data, created, seen, until, last, due, ended, next)
  select $1::text, '', '', t.now, t.now, t.until, t.until, parley.session_due(t.until), $3::text, $2::text
  from rotated as r
  cross join (
    select statement_timestamp() as now, statement_timestamp() + $11::float8 * interval '1 ms' as until
  ) as t
)
select case
  when exists (select from rotated) then 'done'
  when exists (
    select from parley.sessions as s
    where s.id = $2::text and s.version = $3::text and s.ended is null and s.until > clock_timestamp()
  ) then 'done'
  when exists (
    select from parley.sessions as s
    where s.id = $1::text and s.ended is null and s.until > clock_timestamp() and ($4::text is null or s.version = $4::text)
  ) then null
  when $4::text is not null and exists (
    select from parley.sessions as s where s.id = $1::text and s.ended is null and s.until > clock_timestamp()
  ) then 'conflict'
  else 'gone'
end
