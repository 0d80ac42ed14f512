-- A reaction in one statement, for somebody who was allowed it on this rev of the channel. No row: the channel has moved on, the message is gone,
-- or they are in a time-out. `full`: they have reacted in as many ways as one may. Without a number: it stood as they want it.
create function hub.react(place uuid, known_rev bigint, message uuid, who uuid, sign text, wanted boolean, most int, told jsonb)
returns table (is_full boolean, seq bigint, at bigint)
language plpgsql set jit = off as $$
#variable_conflict use_column
declare
  moment bigint := hub.now_ms();
begin
  perform from hub.channels as c where c.id = place and c.rev = known_rev and c.deleted_at is null for no key update;
  if not found
    or not exists (select from hub.messages as m where m.id = message and m.channel_id = place and m.deleted_at is null)
    or exists (select from hub.users as u where u.id = who and u.timeout_until > moment)
  then
    return;
  end if;
  if not wanted then
    delete from hub.reactions as r where r.message_id = message and r.emoji = sign and r.user_id = who;
  elsif (select count(*) from hub.reactions as r where r.message_id = message and r.user_id = who and r.emoji <> sign) >= most then
    return query select true, null::bigint, null::bigint;
    return;
  else
    insert into hub.reactions (message_id, emoji, user_id, at) values (message, sign, who, moment) on conflict do nothing;
  end if;
  if not found then
    return query select false, null::bigint, null::bigint;
    return;
  end if;
  return query
  with head as (update hub.channels as c set last_seq = c.last_seq + 1 where c.id = place returning c.last_seq)
  insert into hub.changes as l (channel_id, seq, actor_id, at, event) select place, head.last_seq, who, moment, told from head
  returning false, l.seq, l.at;
end
$$;
