-- $1 text: id   $2 text: version   $3 text: user   $4 text: data   $5 text: address   $6 text: user agent   $7 float8: idle ms
-- $8 float8: ms up to its last moment
-- Answers what became of it; null: somebody was at it at the same moment, and it has to be asked again.
with times as (
  select
    statement_timestamp() as now,
    statement_timestamp() + $8::float8 * interval '1 ms' as last,
    statement_timestamp() + least($7::float8, $8::float8) * interval '1 ms' as until
),
made as (
  insert into parley.sessions as s (id, version, username, data, address, agent, created, seen, until, last, due)
  select $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, t.now, t.now, t.until, t.last, parley.session_due(t.until)
  from times as t
  on conflict (id) do update set
    version = excluded.version, username = excluded.username, data = excluded.data, address = excluded.address, agent = excluded.agent,
    created = excluded.created, seen = excluded.seen, until = excluded.until, last = excluded.last, due = excluded.due, ended = null, next = null
  where s.until <= clock_timestamp()
  returning 1
)
select case
  when exists (select from made) then 'created'
  else (
    select case when s.ended is not null then 'ended' when s.version = $2::text then 'created' else 'taken' end
    from parley.sessions as s where s.id = $1::text
  )
end
