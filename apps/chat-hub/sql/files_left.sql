-- $1 uuid: behind this file   $2 int: how many are looked at
-- The last of those that were looked at, if there may be more; and of them those that are kept for a message and have none, or whose channel is
-- deleted: a node of a build before knows of no files, and leaves them when it deletes either.
with looked as (
  select f.id, f.channel_id from hub.files as f
  where f.id > $1 and f.kept_until is null and f.deleted_at is null order by f.id limit $2::int
)
select (select l.id from looked as l order by l.id offset $2::int - 1), coalesce((
  select jsonb_agg(l.id order by l.id) from looked as l
  where exists (select from hub.channels as c where c.id = l.channel_id and c.deleted_at is not null) or not exists (
    select from hub.attachments as a join hub.messages as m on m.id = a.message_id where a.file_id = l.id and m.deleted_at is null
  )
), '[]')
