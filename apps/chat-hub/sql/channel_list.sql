-- $1 uuid: user   $2 text: part of a name or topic, or none
select hub.channel_view(c) from hub.channels as c
where c.deleted_at is null
  and (c.kind = 'public' or exists (select from hub.members as m where m.channel_id = c.id and m.user_id = $1))
  and ($2::text is null or strpos(lower(coalesce(c.name, '') || ' ' || c.topic), lower($2)) > 0)
order by c.name nulls last, c.created_at limit 2000
