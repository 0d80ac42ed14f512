-- KEYS     due, taken, dead, state, bodies, what this token was given
-- ARGV     how many at the most, for how long (ms), the token, how often a job is handed out at the most
-- Replies for each job: id, body, which attempt it is, when it was added.
local AT_ONCE = 100
local due, taken, dead, states, bodies, given_to = unpack(KEYS)
local limit, lease, token, most = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local now, micros = server_time()
local replies = {}

local function give(id, state)
  local body = redis.call('HGET', bodies, id)
  if not body then return false end
  for _, value in ipairs({ id, body, state.attempts, state.added }) do replies[#replies + 1] = value end
  return true
end

local before = redis.call('GET', given_to)
if before then
  for _, id in ipairs(cmsgpack.unpack(before)) do
    local state = held_by(taken, states, id, token, now)
    if state then give(id, state) end
  end
  if #replies > 0 then return replies end
end

local over = redis.call('ZRANGEBYSCORE', taken, '-inf', whole(now), 'WITHSCORES', 'LIMIT', 0, AT_ONCE)
for i = 1, #over, 2 do
  local state = read_state(states, over[i])
  redis.call('ZREM', taken, over[i])
  if state then redis.call('ZADD', due, over[i + 1], state.order .. over[i]) end
end

local ids = {}
local looked_at = 0
while #ids < limit and looked_at < limit + AT_ONCE do
  local members = redis.call('ZRANGEBYSCORE', due, '-inf', whole(now), 'LIMIT', 0, math.min(limit - #ids, AT_ONCE))
  if #members == 0 then break end
  looked_at = looked_at + #members
  redis.call('ZREM', due, unpack(members))
  for _, member in ipairs(members) do
    local id = string.sub(member, ORDER + 1)
    local state = read_state(states, id)
    if state and state.attempts >= most then
      bury(dead, states, id, state, 'its lease ran out, or it was given back, ' .. state.attempts .. ' times', micros)
    elseif state then
      state.attempts = state.attempts + 1
      state.rest = token
      if give(id, state) then
        write_state(states, id, state)
        redis.call('ZADD', taken, whole(now + lease), id)
        ids[#ids + 1] = id
      else
        redis.call('HDEL', states, id)
      end
    end
  end
end
if #ids > 0 then redis.call('SET', given_to, cmsgpack.pack(ids), 'PX', lease) end
return replies
