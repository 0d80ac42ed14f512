-- Answers the history that this server is in; nothing when it knows none of itself yet.
select nonce from parley.bus_histories
where started = pg_postmaster_start_time() and home = 'parley.bus_channels'::regclass
