-- $1 text: key   $2 bigint: fence
-- Answers a row if nobody has taken the lock since, and nobody will until this transaction ends. Its lease is extended meanwhile.
select l.fence from parley.locks as l where l.key = $1 and l.fence = $2::bigint and l.held for key share
