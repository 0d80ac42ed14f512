-- $1 text: key
-- Answers the fence; null: somebody else has the lock.
-- A crash must not take it back: where commits are not waited for, this one is.
select parley.lock_in_transaction($1)
where case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'local', true) end is distinct from ''
