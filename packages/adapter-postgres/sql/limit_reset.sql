-- $1 text[], $2 text[]: identities and rules
select parley.limit_reset($1::text[], $2::text[])
