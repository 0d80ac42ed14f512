-- KEYS[i]  record
-- ARGV     for each key: token (20 bytes)
-- Ends the lease if it is the token's; a record stays. Replies for each key 1 if it ended, else 0.
local now = server_time()
local replies = {}
for i = 1, #KEYS do
  local key = KEYS[i]
  local header = read_header(key)
  if is_leased(header, now) and header.token == ARGV[i] then
    if has_record(header, now) then
      redis.call('SETRANGE', key, 28, NO_LEASE)
      -- The lease may have made the key last longer than its record.
      local keep = math.max(1, math.ceil(header.keep_until - now))
      if redis.call('PTTL', key) > keep then redis.call('PEXPIRE', key, string.format('%.0f', keep)) end
    else
      redis.call('UNLINK', key)
    end
    replies[i] = 1
  else
    replies[i] = 0
  end
end
return replies
