-- A page of the directory, by handle. What is null was not asked for.
select hub.user_view(u)
from hub.users as u
where u.handle > $1::text
  and (u.deactivated_at is not null) = $2::boolean
  and ($3::text is null or u.kind = $3)
  and ($4::text is null or u.handle = $4)
  and ($5::text is null or strpos(u.handle, lower($5)) > 0 or strpos(lower(u.display_name), lower($5)) > 0)
  and ($6::text is null or $6 = any (u.capabilities))
order by u.handle
limit $7::int
