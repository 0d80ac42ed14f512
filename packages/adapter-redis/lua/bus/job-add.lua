-- KEYS     due, state, bodies; then a key for each `once`
-- ARGV     PUBLISH or SPUBLISH, where workers are told, the queue; then for each job: id, body, after how many ms it is due, for how long its
--          `once` holds (ms, or nothing)
-- Replies for each job the id of the one that is in the queue, and 1 if it was there before.
local due, states, bodies = KEYS[1], KEYS[2], KEYS[3]
local now, micros = server_time()
local replies, delays = {}, {}
local next_key = 4
for i = 4, #ARGV, 4 do
  local id, body, delay, once_for = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local once_key, known = false, false
  if once_for ~= '' then
    once_key = KEYS[next_key]
    next_key = next_key + 1
    known = redis.call('GET', once_key)
  end
  local order = micros .. string.format('%04d', (i - 4) / 4)
  if known then
    replies[#replies + 1] = known
    replies[#replies + 1] = 1
  elseif redis.call('HSETNX', states, id, '0 ' .. whole(now) .. ' ' .. order .. ' ') == 0 then
    replies[#replies + 1] = id
    replies[#replies + 1] = 1
  else
    redis.call('HSET', bodies, id, body)
    redis.call('ZADD', due, whole(now + delay), order .. id)
    if once_key then redis.call('SET', once_key, id, 'PX', once_for) end
    delays[delay] = true
    replies[#replies + 1] = id
    replies[#replies + 1] = 0
  end
end
wake(ARGV[1], ARGV[2], delays, ARGV[3])
return replies
