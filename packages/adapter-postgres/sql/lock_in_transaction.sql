-- $1 text: key
-- Answers the fence; null: somebody else has the lock.
select parley.lock_in_transaction($1)
