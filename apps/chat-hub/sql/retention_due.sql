-- $1 int: days where nothing is said of the channel; 0 for ever   $2 bigint: now
-- Channels whose next message in the order of their log is older than it may be.
select c.id, m.days from hub.channels as c
cross join lateral (select coalesce(c.retention_days, $1) as days) as m
cross join lateral (
  select n.at from hub.messages as n where n.channel_id = c.id and n.seq > c.retained_seq order by n.seq limit 1
) as n
where c.deleted_at is null and m.days > 0 and n.at < $2 - m.days * 86400000::bigint
