-- $1 text: topic   $2 text: the channel to go on behind (null: none)   $3 int: how many
-- Answers the channels of the topic that records for all of it went to, by name, and where each stands.
select c.channel, c.nonce || '.' || here.nonce, c.top
from parley.bus_channels as c
cross join parley.bus_histories as here
where here.started = pg_postmaster_start_time() and here.home = 'parley.bus_channels'::regclass
  and c.wide and c.channel >= $1::text || ':' and c.channel < $1::text || ';' and c.channel > coalesce($2::text, '')
order by c.channel
limit $3::int
