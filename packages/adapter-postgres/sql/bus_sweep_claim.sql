-- $1 text: what is to be cleaned up   $2 float8: ms after which it is due again
-- Answers a row if it is for the caller to do.
insert into parley.bus_sweeps as s (what, at) values ($1, statement_timestamp())
on conflict (what) do update set at = excluded.at
where s.at < statement_timestamp() - $2::float8 * interval '1 ms' or s.at > statement_timestamp() + interval '1 hour'
returning s.at
