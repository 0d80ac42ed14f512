-- $1 text[]: channels   $2 text[]: topics   $3 text[]: channels of those topics to go on behind   $4 int: how many of each   $5 text[]: queues
-- Answers the history that this server is in; where the logs stand, also of channels of the topics; and the queues that have work.
with here as materialized (
  select nonce from parley.bus_histories
  where started = pg_postmaster_start_time() and home = 'parley.bus_channels'::regclass
)
select 'history' as kind, nonce as name, null as epoch, null as top, null as topic from here
union all
select 'channel', c.channel, c.nonce || '.' || here.nonce, c.top, null
from here cross join unnest((select $1::text[])) as u (channel) join parley.bus_channels as c on c.channel = u.channel
union all
select 'channel', c.channel, c.nonce || '.' || here.nonce, c.top, t.topic
from here
cross join unnest((select $2::text[]), (select $3::text[])) as t (topic, after)
cross join lateral (
  select c.channel, c.nonce, c.top from parley.bus_channels as c
  where c.wide and c.channel >= t.topic || ':' and c.channel < t.topic || ';' and c.channel > t.after
  order by c.channel
  limit $4::int
) as c
union all
select 'queue', q.queue, null, null, null
from unnest((select $5::text[])) as q (queue)
where exists (
  select from parley.bus_jobs as j
  where j.queue = q.queue and j.due <= statement_timestamp() and (j.lease_until is null or j.lease_until <= statement_timestamp())
)
