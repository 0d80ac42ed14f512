-- $1 text: channel of notices
-- Answers the history that this server is in, and whether this session listens.
select
  (select nonce from parley.bus_histories where started = pg_postmaster_start_time() and home = 'parley.bus_channels'::regclass),
  $1::text in (select pg_listening_channels())
