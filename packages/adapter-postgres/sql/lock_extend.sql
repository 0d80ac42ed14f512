-- $1 text: key   $2 text: token   $3 float8: lease, ms
-- Answers a row if it is held under the token.
update parley.locks as l set until = clock_timestamp() + $3::float8 * interval '1 ms'
where l.key = $1 and l.token = $2 and l.held and l.until > clock_timestamp()
returning l.fence
