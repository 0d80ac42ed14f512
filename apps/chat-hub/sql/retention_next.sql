-- $1 uuid: channel, which is locked   $2 bigint: messages of before this moment   $3 int: how many
-- In the order of the log, up to the first that is kept.
select e.seq, e.id, e.deleted from (
  select n.seq, n.id, n.deleted, bool_and(n.due) over (order by n.seq) as due from (
    select n.seq, n.id, n.deleted_at is not null as deleted, n.at < $2 and n.streaming <> 'open' as due
    from hub.channels as c join hub.messages as n on n.channel_id = c.id and n.seq > c.retained_seq
    where c.id = $1 order by n.seq limit $3
  ) as n
) as e
where e.due order by e.seq
