-- $1 uuid: user   $2 uuid: before this one, or none   $3 int: how many
-- Whatever somebody uploaded, or has begun to, and takes room: also where they are no more. Latest first.
select hub.file_view(f) from hub.files as f join hub.channels as c on c.id = f.channel_id
where f.user_id = $1 and f.id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and f.deleted_at is null and c.deleted_at is null
order by f.id desc limit $3
