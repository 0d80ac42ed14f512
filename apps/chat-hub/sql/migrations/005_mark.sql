-- Moves a read marker forward, never back and not beyond the log, and counts anew what lies behind it. The marker is locked before anything is
-- counted: what its user sends meanwhile would be counted by one and not by the other.
create function hub.mark(channel uuid, reader uuid, upto bigint)
returns table (last_read_seq bigint, unread bigint, mentions bigint, moved boolean)
language plpgsql set jit = off as $$
#variable_conflict use_column
begin
  perform from hub.members as m where m.channel_id = channel and m.user_id = reader for no key update;
  return query
  with place as (
    select c.id, c.message_count, least(upto, c.last_seq) as seq from hub.channels as c where c.id = channel
  ), moved as (
    update hub.members as m set
      last_read_seq = p.seq,
      read_count = coalesce((
        select b.ordinal from hub.messages as b
        where b.channel_id = channel and b.seq <= p.seq and b.ordinal is not null and b.thread_id is null order by b.seq desc limit 1
      ), 0),
      skipped = (
        select count(*) from hub.messages as b
        where b.channel_id = channel and b.seq > p.seq and b.ordinal is not null and b.thread_id is null
          and (b.sender_id = reader or b.deleted_at is not null)
      ),
      mentions = (select count(*) from hub.mentions as n where n.user_id = reader and n.channel_id = channel and n.seq > p.seq)
    from place as p
    where m.channel_id = channel and m.user_id = reader and m.last_read_seq < p.seq
    returning m.last_read_seq, p.message_count - m.read_count - m.skipped as unread, m.mentions
  )
  select last_read_seq, unread, mentions, true from moved
  union all
  select m.last_read_seq, c.message_count - m.read_count - m.skipped, m.mentions, false
  from hub.members as m join hub.channels as c on c.id = m.channel_id
  where m.channel_id = channel and m.user_id = reader and not exists (select from moved);
end
$$;
