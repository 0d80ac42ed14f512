-- $1 uuid: channel   $2 uuid: before this one, or none   $3 int: how many
-- The files of messages, latest first.
select hub.file_view(f) from hub.files as f
where f.channel_id = $1 and f.id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and f.deleted_at is null and f.state = 'ready'
  and exists (select from hub.attachments as a join hub.messages as m on m.id = a.message_id where a.file_id = f.id and m.deleted_at is null)
order by f.id desc limit $3
