-- $1 text[]: channels
-- Gives a log, and so an epoch, to those that have none.
insert into parley.bus_channels (channel, history, keep_count, keep_ms, wide, at)
select u.channel, here.number, 0, 0, false, clock_timestamp()
from unnest($1::text[]) as u (channel)
cross join parley.bus_histories as here
where here.started = pg_postmaster_start_time() and here.home = 'parley.bus_channels'::regclass
order by u.channel collate "C"
on conflict (channel) do nothing
