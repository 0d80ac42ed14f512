-- $1 bigint: milliseconds
-- Gives up what has waited for too long: an address that is gone for good would be told less than is added.
update hub.deliveries set state = 'dead', error = coalesce(error || '; ', '') || 'given up, because it has waited too long'
where id in (
  select id from hub.deliveries where state = 'waiting' and since < (select hub.now_ms()) - $1::bigint order by since limit 1000
)
