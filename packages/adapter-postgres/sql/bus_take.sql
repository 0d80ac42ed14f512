-- $1 text: queue   $2 int: how many   $3 float8: ms of the lease   $4 text: token   $5 int: attempts
select id, body, attempt, added_at from parley.bus_take($1, $2, $3, $4, $5)
