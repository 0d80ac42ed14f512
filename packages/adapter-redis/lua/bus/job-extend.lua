-- KEYS     taken, state
-- ARGV     how long they last from now on (ms); then for each lease: id, token
-- Replies for each lease 1 if it was held, else 0.
local now = server_time()
local replies = {}
for i = 2, #ARGV, 2 do
  local held = held_by(KEYS[1], KEYS[2], ARGV[i], ARGV[i + 1], now)
  if held then redis.call('ZADD', KEYS[1], whole(now + tonumber(ARGV[1])), ARGV[i]) end
  replies[#replies + 1] = held and 1 or 0
end
return replies
