-- KEYS     due, dead, state, bodies
-- ARGV     PUBLISH or SPUBLISH, where workers are told, the queue, redrive or discard, how many; then the ids, or none for the oldest
-- Replies how many there were.
local due, dead, states, bodies = unpack(KEYS)
local now = server_time()
local limit = tonumber(ARGV[5])
local ids = #ARGV > 5 and { unpack(ARGV, 6) } or redis.call('ZRANGE', dead, 0, limit - 1)
local count = 0
for _, id in ipairs(ids) do
  if count >= limit then break end
  if redis.call('ZREM', dead, id) == 1 then
    count = count + 1
    local state = read_state(states, id)
    if ARGV[4] == 'redrive' and state then
      state.attempts = 0
      state.rest = ''
      write_state(states, id, state)
      redis.call('ZADD', due, whole(now), state.order .. id)
    else
      redis.call('HDEL', states, id)
      redis.call('HDEL', bodies, id)
    end
  end
end
if count > 0 and ARGV[4] == 'redrive' then wake(ARGV[1], ARGV[2], { ['0'] = true }, ARGV[3]) end
return count
