-- $1 uuid: message   $2 text: content   $3 jsonb: whom it mentions   $4 text: model   $5 jsonb: data   $6 uuid[]: who is mentioned
-- $7 uuid: who ends it   $8 bigint: now
-- The end of a message that was streamed: now it calls whom it mentions. Nothing when it was ended before, but by the hub: an author that was
-- taken for gone and is not has the last word. More than an hour later, or when it was edited since, others go by what they have read: then this is
-- an edit, which keeps that and calls nobody.
with old as (
  select m.id, m.version, m.content,
    m.streaming = 'cut' and m.content <> $2 and (m.version > 1 or coalesce(m.cut_at, 0) < hub.now_ms() - 3600000) as late
  from hub.messages as m where m.id = $1 and m.streaming in ('open', 'cut')
), kept as (
  insert into hub.edits (message_id, version, content, editor_id, at) select o.id, o.version, o.content, $7, $8 from old as o where o.late
), ended as (
  update hub.messages as m set content = $2, mentions = $3::jsonb, streaming = 'done', model = coalesce($4, m.model), data = coalesce($5::jsonb, m.data),
    edited_at = case when o.late then $8 else m.edited_at end, version = m.version + case when o.late then 1 else 0 end
  from old as o where m.id = o.id returning m.channel_id, m.seq, o.late
), noted as (
  insert into hub.mentions (user_id, channel_id, seq)
  select u, e.channel_id, e.seq from ended as e, unnest($6::uuid[]) as u where not e.late on conflict do nothing
  returning user_id, channel_id, seq
), counted as (
  update hub.members as m set mentions = m.mentions + 1
  from noted as n where m.channel_id = n.channel_id and m.user_id = n.user_id and m.last_read_seq < n.seq
)
select seq from ended
