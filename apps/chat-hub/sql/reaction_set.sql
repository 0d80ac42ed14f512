-- $1 uuid: channel   $2 bigint: its rev that this was allowed on   $3 uuid: message   $4 uuid: who   $5 text: emoji
-- $6 boolean: whether it is to be there   $7 int: how many of one author at most   $8 jsonb: what is told of it
select is_full, seq, at from hub.react($1, $2, $3, $4, $5, $6, $7, $8)
