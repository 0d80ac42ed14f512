-- The parameters are those of the function, of each charge: identity, rule, period, limit, burst, cost, whether in shadow, which request.
select r.moment, r.answer from parley.limit_run_levels(
  $1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[], $8::bigint[]
) as r
