-- $1 uuid: user   $2 int: up to this channel
insert into hub.members (channel_id, user_id, role, joined_at, last_read_seq, read_count)
select ('01900000-0000-7000-9000-' || lpad(to_hex(i), 12, '0'))::uuid, $1::uuid, 'member', 1, 0, 0 from generate_series(1, $2::int) as i
