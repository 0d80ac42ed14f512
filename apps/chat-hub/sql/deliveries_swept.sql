-- $1 bigint: milliseconds
-- Forgets what was done with long ago.
delete from hub.deliveries where id in (
  select id from hub.deliveries where state <> 'waiting' and created_at < (select hub.now_ms()) - $1::bigint order by created_at limit 1000
)
