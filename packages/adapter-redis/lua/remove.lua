-- KEYS[i]  record
-- Removes the record and its lease. Replies for each key 1 if there was a live record, else 0.
local now = server_time()
local replies = {}
for i = 1, #KEYS do
  replies[i] = has_record(read_header(KEYS[i]), now) and 1 or 0
  redis.call('UNLINK', KEYS[i])
end
return replies
