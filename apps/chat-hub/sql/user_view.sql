select hub.user_view(u) from hub.users as u where u.id = $1::uuid
