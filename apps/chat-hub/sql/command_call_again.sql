-- $1 uuid: who typed it   $2 text: client id
select k.id, k.command_id, k.channel_id, k.user_id, c.name, k.text, k.error, k.created_at, k.expires_at, k.expires_at <= hub.now_ms(),
  coalesce((select json_agg(json_build_object('id', a.id, 'visibility', a.visibility, 'content', a.content, 'messageId', a.message_id, 'createdAt', a.created_at) order by a.id)
    from hub.command_answers as a where a.call_id = k.id and (a.visibility = 'caller' or a.message_id is not null)), '[]')
from hub.command_calls as k join hub.commands as c on c.id = k.command_id
where k.user_id = $1::uuid and k.client_id = $2::text
