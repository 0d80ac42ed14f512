-- $1 to $9 as for bus_append   $10 float8[]: when each may have been sent before   $11 text[], $12 float8[]: keys, and how long each counts
-- Answers the same, and the places and moments of the records, and whether they were there.
select epochs, tops, times, places, moments, repeats
from parley.bus_append_new($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
