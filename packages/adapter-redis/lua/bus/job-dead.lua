-- KEYS     dead, state, bodies
-- ARGV     the id behind which is read (or nothing), how many
-- Replies for each job: id, body, attempts, reason, when it died (microseconds).
local dead, states, bodies = unpack(KEYS)
local rank = ARGV[1] ~= '' and redis.call('ZRANK', dead, ARGV[1])
local first = rank and rank + 1 or 0
local replies = {}
local entries = redis.call('ZRANGE', dead, first, first + ARGV[2] - 1, 'WITHSCORES')
for i = 1, #entries, 2 do
  local state = read_state(states, entries[i])
  local body = redis.call('HGET', bodies, entries[i])
  if state and body then
    for _, value in ipairs({ entries[i], body, state.attempts, state.rest, entries[i + 1] }) do
      replies[#replies + 1] = value
    end
  end
end
return replies
