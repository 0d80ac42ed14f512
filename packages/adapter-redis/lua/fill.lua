-- KEYS[i]  record
-- ARGV     for each key: token (20 bytes), the whole record, how long it is kept (ms)
-- Writes the record if the lease is still the token's, which ends it. Replies for each key 1 if it is written, else 0. A record that is
-- there already counts as written, so that asking twice is answered alike.
local now = server_time()
local replies = {}
for i = 1, #KEYS do
  local key, token, record, keep = KEYS[i], ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
  local header = read_header(key)
  if is_leased(header, now) and header.token == token then
    redis.call('SET', key, record, 'PX', keep)
    replies[i] = 1
  else
    replies[i] = has_record(header, now) and header.version == string.sub(record, 5, 12) and 1 or 0
  end
end
return replies
