-- $1 uuid: user   $2 text: part of a name or topic, or none
-- Of conversations between two or a few it is said when something was last said there: that is how they are sorted.
select hub.channel_view(c) || case when c.kind in ('public', 'private') then '{}' else jsonb_build_object(
  'lastMessageAt', coalesce((select m.at from hub.messages as m where m.channel_id = c.id order by m.seq desc limit 1), c.created_at)
) end
from hub.channels as c
where c.deleted_at is null
  and (c.kind = 'public' or exists (select from hub.members as m where m.channel_id = c.id and m.user_id = $1))
  and ($2::text is null or strpos(lower(coalesce(c.name, '') || ' ' || c.topic), lower($2)) > 0)
order by c.name nulls last, c.created_at limit 2000
