-- $1 text: key   $2 text: token   $3 float8: lease, ms   $4 float8: claim, ms
-- $5 text: ear (null: does not wait)   $6 float8: for how many ms its place is kept
-- Answers the fence, or null and for how many ms it is held.
-- A crash must not take it back: where commits are not waited for, this one is.
select given, for_ms from parley.lock_acquire($1, $2, $3::float8, $4::float8, $5, $6::float8)
where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
