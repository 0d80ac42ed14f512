-- $1 text: lease   $2 bigint: turn   $3 text: former lease
-- $4 text[]: channels   $5 float8[]: for how many ms to remember each   $6 boolean[]: whether anything is set there
-- $7 bigint[]: which channel each change is of   $8 bigint[]: its round   $9 text[]: users   $10 text[]: ids   $11 bigint[]: ranks (null: remove)
-- $12 text[]: values   $13 boolean[]: takes   $14 boolean[]: owned   $15 float8[]: for how many ms   $16 float8[]: lingers for how many ms
-- Answers the verdict, then the outcome of each change and its diff. Nothing at all: there is no epoch yet, and nothing was changed.
select n, outcome, event, place, at, rank, value, ends, epoch, displaced
from parley.presence_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
