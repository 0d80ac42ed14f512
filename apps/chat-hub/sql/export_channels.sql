-- $1 boolean: with conversations between two or a few
select jsonb_build_object('channel', hub.channel_view(c))::text
from hub.channels as c where c.deleted_at is null and ($1 or c.kind in ('public', 'private')) order by c.created_at, c.id
