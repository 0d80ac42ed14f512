-- $1 text: user   $2 text: token   $3 float8: how long stones stay (ms)   $4 text: the only one (null: all)   $5 text: the one that stays (null: none)
-- Answers how many were ended; the only one is counted also if this token has ended it before.
-- A crash must not take it back: where commits are not waited for, this one is.
select parley.session_destroy_of($1::text, $2::text, $3::float8, $4::text, $5::text)
where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
