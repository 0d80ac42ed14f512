-- $1 boolean: with conversations between two or a few
select jsonb_build_object('member', hub.member_view(m))::text
from hub.channels as c join hub.members as m on m.channel_id = c.id
where c.deleted_at is null and ($1 or c.kind in ('public', 'private')) order by m.channel_id, m.joined_at, m.user_id
