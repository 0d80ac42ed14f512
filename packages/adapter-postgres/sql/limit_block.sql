-- $1 text[], $2 text[]: identities and rules   $3 bigint[]: which of them is blocked   $4 bigint[]: ms (0: not any more)
select parley.limit_block($1::text[], $2::text[], $3::bigint[], $4::bigint[])
