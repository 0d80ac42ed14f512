-- $1 uuid: message   $2 text: content   $3 jsonb: whom it mentions   $4 text: model   $5 jsonb: data   $6 uuid[]: who is mentioned
-- The end of a message that was streamed: now it calls whom it mentions. Nothing when it was ended before.
with ended as (
  update hub.messages as m set content = $2, mentions = $3::jsonb, streaming = 'done', model = coalesce($4, m.model), data = coalesce($5::jsonb, m.data)
  where m.id = $1 and m.streaming = 'open' returning m.channel_id, m.seq
), noted as (
  insert into hub.mentions (user_id, channel_id, seq)
  select u, e.channel_id, e.seq from ended as e, unnest($6::uuid[]) as u on conflict do nothing
  returning user_id, channel_id, seq
), counted as (
  update hub.members as m set mentions = m.mentions + 1
  from noted as n where m.channel_id = n.channel_id and m.user_id = n.user_id and m.last_read_seq < n.seq
)
select seq from ended
