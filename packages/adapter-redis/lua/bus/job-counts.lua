-- KEYS     due, taken, dead
-- Replies how many are ready, delayed, taken and dead, and for how long the first that is ready has waited (ms). A job whose lease has run out is ready.
local now = server_time()
local behind = '(' .. whole(now)
local oldest = now
for _, key in ipairs({ KEYS[1], KEYS[2] }) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] then oldest = math.min(oldest, tonumber(first[2])) end
end
return {
  redis.call('ZCOUNT', KEYS[1], '-inf', whole(now)) + redis.call('ZCOUNT', KEYS[2], '-inf', whole(now)),
  redis.call('ZCOUNT', KEYS[1], behind, '+inf'),
  redis.call('ZCOUNT', KEYS[2], behind, '+inf'),
  redis.call('ZCARD', KEYS[3]),
  now - oldest,
}
