-- $1 uuid: channel   $2 uuid: user   $3 text: the id that the client gave the message, or null   $4 int: seconds between two messages
-- Takes the turn of a member in a channel that was slowed down. Answers in how many milliseconds it comes; 0: now. A message that is sent again
-- has had its turn.
with now as (
  select hub.now_ms() as ms
), again as (
  select from hub.messages where sender_id = $2::uuid and client_id = $3::text
), taken as (
  insert into hub.turns as t (channel_id, user_id, next_at, client_id)
  select $1::uuid, $2::uuid, now.ms + $4::int * 1000, $3::text from now where not exists (select from again)
  on conflict (channel_id, user_id) do update set
    next_at = case when t.client_id = excluded.client_id then t.next_at else excluded.next_at end, client_id = excluded.client_id
    where t.next_at <= excluded.next_at - $4::int * 1000 or t.client_id = excluded.client_id
  returning 1
)
select case
  when exists (select from taken) or exists (select from again) then 0
  else coalesce((select greatest(t.next_at - now.ms, 1) from hub.turns as t, now where t.channel_id = $1::uuid and t.user_id = $2::uuid), $4::int * 1000)
end
