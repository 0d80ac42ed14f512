-- KEYS[i]  record
-- ARGV     for each key: token (20 bytes), how long the lease lasts (ms), the version that was seen (8 bytes, or none for no record)
-- Replies for each key {0, time in microseconds} granted, {1, ms} held by another, {2, record or nothing} changed.
-- A record that is there stays readable under the lease; the lease of an absent record is a header alone.
local now, micros = server_time()
local replies = {}
for i = 1, #KEYS do
  local key, token, ttl, seen = KEYS[i], ARGV[3 * i - 2], tonumber(ARGV[3 * i - 1]), ARGV[3 * i]
  local header = read_header(key)
  local present = has_record(header, now)
  if is_leased(header, now) and header.token ~= token then
    replies[i] = { 1, math.ceil(header.lease_until - now) }
  elseif (present and header.version or '') ~= seen then
    replies[i] = { 2, present and redis.call('GET', key) }
  else
    local lease = struct.pack('<d', now + ttl) .. token
    if present then
      redis.call('SETRANGE', key, 28, lease)
      local left = redis.call('PTTL', key)
      -- What the record says about its own end still holds; the key only lasts for the lease.
      if left >= 0 and left < ttl then redis.call('PEXPIRE', key, string.format('%.0f', ttl)) end
    else
      redis.call('SET', key, 'PC\1\0' .. string.rep('\0', 24) .. lease, 'PX', string.format('%.0f', ttl))
    end
    replies[i] = { 0, micros }
  end
end
return replies
