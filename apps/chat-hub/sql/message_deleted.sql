-- $1 uuid: message   $2 bigint: now
-- Takes a message out of everything that counts it. Nothing when it was deleted before; otherwise its thread, if it stands in one.
with gone as (
  update hub.messages as m set deleted_at = $2, pinned_at = null, streaming = case when m.streaming = 'open' then 'done' else m.streaming end
  where m.id = $1 and m.deleted_at is null returning m.*
), reactions as (
  delete from hub.reactions as r using gone as g where r.message_id = g.id
), noted as (
  delete from hub.mentions as n using gone as g where n.channel_id = g.channel_id and n.seq = g.seq returning n.user_id
), uncounted as (
  update hub.members as m set
    skipped = m.skipped + case when g.ordinal is not null and g.thread_id is null and m.user_id is distinct from g.sender_id then 1 else 0 end,
    mentions = m.mentions - case when m.user_id in (select n.user_id from noted as n) then 1 else 0 end
  from gone as g
  where m.channel_id = g.channel_id and m.last_read_seq < g.seq
), shrunk as (
  update hub.threads as t set replies = t.replies - 1 from gone as g where g.ordinal is not null and t.root_id = g.thread_id
)
select coalesce(g.thread_id::text, '') from gone as g
