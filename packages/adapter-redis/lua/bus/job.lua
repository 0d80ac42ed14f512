-- What the scripts over a queue share. A queue is
--   due    a sorted set of <order><id> by when each is due (ms); those of one moment in the order in which they were added
--   taken  a sorted set of ids by when their leases end (ms)
--   dead   a sorted set of ids by when they died (microseconds)
--   state  a hash of "<attempts> <added at> <order> <token, or the reason of its death>" by id
--   bodies a hash of bodies by id
-- A job is in one of the first three, and in both hashes.
local ORDER = 20

local function read_state(states, id)
  local state = redis.call('HGET', states, id)
  if not state then return nil end
  local attempts, added, order, rest = string.match(state, '^(%d+) (%d+) (%d+) (.*)$')
  return { attempts = tonumber(attempts), added = added, order = order, rest = rest }
end

local function write_state(states, id, state)
  redis.call('HSET', states, id, state.attempts .. ' ' .. state.added .. ' ' .. state.order .. ' ' .. state.rest)
end

-- The state of a job that is leased by this token now; nil when it is not.
local function held_by(taken, states, id, token, now)
  local deadline = redis.call('ZSCORE', taken, id)
  if not deadline or tonumber(deadline) <= now then return nil end
  local state = read_state(states, id)
  if state == nil or state.rest ~= token then return nil end
  return state
end

local buried = 0

local function bury(dead, states, id, state, reason, micros)
  state.rest = reason
  write_state(states, id, state)
  redis.call('ZADD', dead, whole(micros + buried), id)
  buried = buried + 1
end

-- Tells workers after how many ms jobs are due; `delays` has them as its keys.
local function wake(command, channel, delays, queue)
  local list = {}
  for delay in pairs(delays) do list[#list + 1] = delay end
  if #list > 0 then redis.call(command, channel, 'W' .. table.concat(list, ',') .. ' ' .. queue) end
end
