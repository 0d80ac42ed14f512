-- $1 text: key   $2 text: token   $3 float8: claim, ms
-- Answers whether it was held until now.
select parley.lock_release($1, $2, $3::float8)
