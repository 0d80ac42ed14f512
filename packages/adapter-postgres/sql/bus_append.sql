-- $1 text[]: channels   $2 bigint[]: how many records for each   $3 bigint[], $4 float8[]: how many and how long to keep   $5 boolean[]: wide
-- $6 bigint[]: which channel each record goes to   $7 bigint[]: which of its channel it is   $8 text[]: ids   $9 text[]: bodies
-- Answers the epochs, the tops and the moments of the channels.
select epochs, tops, times from parley.bus_append($1, $2, $3, $4, $5, $6, $7, $8, $9, null)
