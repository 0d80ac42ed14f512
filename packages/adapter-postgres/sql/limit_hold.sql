-- $1 text[], $2 text[]: identities and rules   $3 bigint[]: to which of them a hold belongs   $4 text[]: holders   $5 bigint[]: ms (below 0: it is given back)
select r.moment, r.answer from parley.limit_hold($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[]) as r
