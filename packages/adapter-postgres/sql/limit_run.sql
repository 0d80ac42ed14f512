-- The parameters are those of the function: accounts ($1 to $4), variants of rules ($5 to $10), charges ($11 to $14), requests ($15 to $19), tokens.
select r.moment, r.answer from parley.limit_run(
  $1::text[], $2::text[], $3::bigint[], $4::bigint[],
  $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
  $11::bigint[], $12::bigint[], $13::bigint[], $14::boolean[],
  $15::bigint[], $16::bigint[], $17::text[], $18::bigint[], $19::bigint[], $20::bytea[]
) as r
