-- $1 text: channel of notices   $2 text[]: notices
select pg_notify($1, notice) from unnest((select $2::text[])) as u (notice)
