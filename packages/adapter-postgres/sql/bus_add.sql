-- $1 text[]: queues   $2 text[]: ids   $3 text[]: bodies   $4 float8[]: not before ms
-- For jobs that nobody has sent before: if one is there, nothing is added.
insert into parley.bus_jobs (queue, id, body, added_at, due)
select u.queue, u.id, u.body, statement_timestamp(), statement_timestamp() + u.delay_ms * interval '1 ms'
from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]), (select $4::float8[]))
  with ordinality as u (queue, id, body, delay_ms, ordinal)
-- What was acknowledged outlives a crash, whatever the server does by default.
where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
order by u.ordinal
