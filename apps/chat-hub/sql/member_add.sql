-- $1 uuid: channel   $2 uuid: user   $3 text: role   $4 bigint: now   $5 uuid: who invited, or none
-- What was said before is read already. Nothing when they are in.
with added as (
  insert into hub.members (channel_id, user_id, role, joined_at, invited_by, last_read_seq, read_count, skipped, mentions)
  select c.id, $2, $3, $4, $5, c.last_seq, c.message_count, 0, 0 from hub.channels as c where c.id = $1
  on conflict do nothing returning user_id
)
update hub.channels as c set member_count = c.member_count + 1 from added where c.id = $1 returning c.member_count
