-- Nobody else's secrets: what is shown of users anyway.
select jsonb_build_object('user', hub.user_view(u))::text from hub.users as u order by u.created_at, u.id
