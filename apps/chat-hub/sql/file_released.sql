-- $1 uuid: message   $2 bigint: now
-- The files of a message that was deleted, if no other has them, are nobody's.
update hub.files as f set kept_until = $2
where f.id in (select a.file_id from hub.attachments as a where a.message_id = $1) and not exists (
  select from hub.attachments as a join hub.messages as m on m.id = a.message_id
  where a.file_id = f.id and m.deleted_at is null and m.id <> $1
)
