-- KEYS     due, taken, dead, state, bodies
-- ARGV     PUBLISH or SPUBLISH, where workers are told, the queue; then for each job: id, token, what becomes of it (done, again, untried or
--          dead), and after how many ms it is due again, or why it is dead
-- Replies for each job 1 if its lease was held, else 0.
local due, taken, dead, states, bodies = unpack(KEYS)
local now, micros = server_time()
local replies, delays = {}, {}
for i = 4, #ARGV, 4 do
  local id, token, outcome, more = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local state = held_by(taken, states, id, token, now)
  replies[#replies + 1] = state and 1 or 0
  if state then
    redis.call('ZREM', taken, id)
    if outcome == 'done' then
      redis.call('HDEL', states, id)
      redis.call('HDEL', bodies, id)
    elseif outcome == 'dead' then
      bury(dead, states, id, state, more, micros)
    else
      if outcome == 'untried' then state.attempts = state.attempts - 1 end
      state.rest = ''
      write_state(states, id, state)
      redis.call('ZADD', due, whole(now + more), state.order .. id)
      delays[more] = true
    end
  end
end
wake(ARGV[1], ARGV[2], delays, ARGV[3])
return replies
