-- KEYS[i]  record
-- ARGV     for each key: until when it is fresh and until when it is kept (16 bytes of the header), how long it is kept (ms)
-- A lease stays. Replies for each key 1 if there was a live record, else 0.
local now = server_time()
local replies = {}
for i = 1, #KEYS do
  local header = read_header(KEYS[i])
  if has_record(header, now) then
    redis.call('SETRANGE', KEYS[i], 12, ARGV[2 * i - 1])
    local keep = tonumber(ARGV[2 * i])
    -- The key must outlive the lease on it.
    if is_leased(header, now) then keep = math.max(keep, math.ceil(header.lease_until - now)) end
    redis.call('PEXPIRE', KEYS[i], string.format('%.0f', keep))
    replies[i] = 1
  else
    replies[i] = 0
  end
end
return replies
