-- $1 uuid: who   $2 bigint: milliseconds
-- Whether it was noted within this time that somebody took the log along.
select exists (
  select from hub.audit as a where a.action = 'audit.export' and a.actor_id = $1::uuid and a.at > hub.now_ms() - $2::bigint
)
